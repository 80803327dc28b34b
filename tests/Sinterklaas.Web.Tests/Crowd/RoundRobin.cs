using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sinterklaas.Crowd;

/// <summary>Several hosts behind one port of this machine: each new connection goes to the next one.</summary>
public sealed class RoundRobin : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile Uri[] _hosts = [];

    public RoundRobin()
    {
        _listener.Start(backlog: 1024);
        Address = new Uri(
            string.Create(
                CultureInfo.InvariantCulture,
                $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"
            )
        );
        _accepting = AcceptAsync();
    }

    /// <summary>Known before the hosts are, who must tell it to others.</summary>
    public Uri Address { get; }

    public void Lead(params Uri[] hosts) => _hosts = hosts;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        for (var next = 0; ; next++)
        {
            var visitor = await _listener.AcceptTcpClientAsync(_stop.Token);
            var hosts = _hosts;
            _ = Task.Run(() => CarryAsync(visitor, hosts[next % hosts.Length], _stop.Token), _stop.Token);
        }
    }

    private static async Task CarryAsync(TcpClient visitor, Uri to, CancellationToken cancellationToken)
    {
        using (visitor)
        using (var host = new TcpClient { NoDelay = true })
        {
            try
            {
                visitor.NoDelay = true;
                await host.ConnectAsync(IPAddress.Loopback, to.Port, cancellationToken);
                await Task.WhenAll(
                    CopyAsync(visitor.Client, host.Client, cancellationToken),
                    CopyAsync(host.Client, visitor.Client, cancellationToken)
                );
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // Both ends close, and whoever still waits for something hears of it.
            }
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await to.SendAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
