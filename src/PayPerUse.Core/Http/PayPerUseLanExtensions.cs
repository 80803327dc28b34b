using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using PayPerUse;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Shows an app that is being developed to a phone.</summary>
public static class PayPerUseLanExtensions
{
    private const string Switch = "--lan";
    private const int DefaultPort = 5000;

    /// <summary>
    /// The arguments without <c>--lan</c>, for <see cref="WebApplication.CreateBuilder(string[])"/>: a switch without a value would
    /// take the next setting for its own.
    /// </summary>
    /// <param name="args">The arguments of the program.</param>
    public static string[] WithoutLan(this string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return [.. args.Where(a => a != Switch)];
    }

    /// <summary>
    /// With <c>--lan</c> among the arguments, the app also answers on this machine's address in the local network, and calls that
    /// its public address (<c>PayPerUse:PublicUrl</c>, unless it is set), so that a phone can scan the QR code. For Development.
    /// </summary>
    /// <param name="builder">The app.</param>
    /// <param name="args">The arguments of the program.</param>
    /// <returns>Whether <c>--lan</c> was there.</returns>
    /// <exception cref="PayPerUseException">It is not Development, or this machine is in no network.</exception>
    public static bool UseLan(this WebApplicationBuilder builder, string[] args)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(args);
        if (!args.Contains(Switch))
        {
            return false;
        }

        if (!builder.Environment.IsDevelopment())
        {
            throw new PayPerUseException(
                "--lan is for Development: elsewhere set PayPerUse:PublicUrl and put a proxy in front."
            );
        }

        var port = PortOf(builder.Configuration[WebHostDefaults.ServerUrlsKey]);
        var lan = $"http://{FindAddress()}:{port}";
        builder.WebHost.UseUrls($"http://localhost:{port}", lan);
        builder.Configuration["PayPerUse:PublicUrl"] ??= lan;
        return true;
    }

    private static int PortOf(string? urls) =>
        urls is { Length: > 0 } ? BindingAddress.Parse(urls.Split(';')[0]).Port : DefaultPort;

    // Connecting sends nothing by UDP: it only asks the system which of its addresses leads to other machines.
    private static IPAddress FindAddress()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect("192.0.2.1", 9);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException e)
        {
            throw new PayPerUseException(
                "--lan: this machine has no address in a local network; connect it, or leave --lan out.",
                e
            );
        }
    }
}
