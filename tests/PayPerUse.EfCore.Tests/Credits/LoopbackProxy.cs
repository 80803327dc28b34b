using System.Net;
using System.Net.Sockets;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>A wire between a host and its database that a test can cut on one side.</summary>
internal sealed class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<TcpClient> _open = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private volatile bool _isSwallowing;

    public LoopbackProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>From now on nothing that the server says on the connections there are reaches the host.</summary>
    public void SwallowAnswers() => _isSwallowing = true;

    /// <summary>Cuts the connections there are. The next ones work.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _open.ForEach(c => c.Dispose());
            _open.Clear();
            _isSwallowing = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var host = await _listener.AcceptTcpClientAsync(_stopping.Token);
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                lock (_gate)
                {
                    _open.AddRange([host, server]);
                }

                _ = PumpAsync(host, server, isAnswer: false);
                _ = PumpAsync(server, host, isAnswer: true);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.GetStream().ReadAsync(buffer, _stopping.Token) is > 0 and var count)
            {
                if (!isAnswer || !_isSwallowing)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
                }
            }
        }
        catch (Exception e)
            when (e
                    is IOException
                        or SocketException
                        or ObjectDisposedException
                        or InvalidOperationException
                        or OperationCanceledException
            )
        {
            // One side is gone; the other goes too.
        }

        from.Dispose();
        to.Dispose();
    }
}
