using System.Net;
using System.Net.Sockets;

namespace Sinterklaas.Web.Site;

/// <summary><c>--lan</c>: also answers on this machine's address in the local network, so that a phone can scan the QR code.</summary>
public static class LanAddress
{
    private const string Switch = "--lan";

    /// <summary>The arguments that are settings; a switch without a value would take the next setting for its own.</summary>
    public static string[] Without(string[] args) => [.. args.Where(a => a != Switch)];

    public static void UseLan(this WebApplicationBuilder builder, string[] args)
    {
        if (!args.Contains(Switch))
        {
            return;
        }

        if (!builder.Environment.IsDevelopment())
        {
            throw new StartupException(
                "--lan is for Development: elsewhere set PayPerUse:PublicUrl and put a proxy in front."
            );
        }

        var lan = $"http://{Find()}:{PortOf(builder.Configuration["urls"])}";
        builder.WebHost.UseUrls($"http://localhost:{new Uri(lan).Port}", lan);
        builder.Configuration["PayPerUse:PublicUrl"] ??= lan;
        builder.Configuration["Payconiq:Simulator:AllowRemotePayPage"] ??= "true";
    }

    private static int PortOf(string? urls) =>
        urls is { Length: > 0 } ? BindingAddress.Parse(urls.Split(';')[0]).Port : 5080;

    // Connecting sends nothing by UDP: it only asks the system which of its addresses leads to other machines.
    private static IPAddress Find()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect("192.0.2.1", 9);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            throw new StartupException(
                "--lan: this machine has no address in a local network; connect it, or leave --lan out."
            );
        }
    }
}
