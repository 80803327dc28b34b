using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace PayPerUse.SignIn.Tests.Mailing;

/// <summary>A mail server on this machine that keeps what it takes: as much of RFC 5321 as one mail needs.</summary>
internal sealed class PostOffice : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public PostOffice()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public bool Refuses { get; init; }

    public ConcurrentQueue<MimeMessage> Mails { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The office closed.
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 post.example");
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "RCPT" when Refuses:
                    await writer.WriteLineAsync("550 No such mailbox");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 Go on");
                    Mails.Enqueue(await ReadMailAsync(reader));
                    await writer.WriteLineAsync("250 Taken");
                    break;
                default:
                    await writer.WriteLineAsync("250 Fine");
                    break;
            }
        }
    }

    private static async Task<MimeMessage> ReadMailAsync(StreamReader reader)
    {
        using var mail = new MemoryStream();
        while (await reader.ReadLineAsync() is { } line and not ".")
        {
            mail.Write(Encoding.Latin1.GetBytes(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line));
            mail.Write("\r\n"u8);
        }

        mail.Position = 0;
        return await MimeMessage.LoadAsync(mail);
    }
}
