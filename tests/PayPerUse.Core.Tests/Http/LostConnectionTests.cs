using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PayPerUse.Http;
using PayPerUse.Testing;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A phone that loses its connection while it sends is nobody's fault, and no error in the log.</summary>
public sealed class LostConnectionTests
{
    private const int Tries = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/credits/use", "application/json", "{\"action\":")]
    [InlineData("/payments/webhook/scripted", "application/json", "{")]
    [InlineData("/json", "application/json", "{\"name\":")]
    [InlineData("/form", "application/x-www-form-urlencoded", "name=Em")]
    [InlineData("/form", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb")]
    public async Task A_body_whose_sender_is_gone_fails_nowhere(string path, string type, string start)
    {
        using var begun = new SemaphoreSlim(0);
        var ended = new ConcurrentQueue<Exception?>();
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Use = app =>
                app.Use(
                    (context, next) =>
                    {
                        begun.Release();
                        return WatchAsync(context, next, ended);
                    }
                );
            s.Map = app =>
            {
                app.MapPost(
                    "/json",
                    async (HttpRequest request) => (await JsonBody.ReadAsync<object>(request, Token)).Problem
                );
                app.MapPost("/form", async (HttpRequest request) => (await FormBody.ReadAsync(request, Token)).Problem);
            };
        });

        for (var i = 1; i <= Tries; i++)
        {
            await SendAndVanishAsync(house.Address, path, type, start, begun);
            await foreach (var _ in Patience.TriesAsync($"The end of request {i}", Token))
            {
                if (ended.Count == i)
                {
                    break;
                }
            }
        }

        Assert.All(ended, Assert.Null);
    }

    private static async Task WatchAsync(HttpContext context, RequestDelegate next, ConcurrentQueue<Exception?> ended)
    {
        try
        {
            await next(context);
            ended.Enqueue(null);
        }
        catch (Exception e)
        {
            // What is given up on because nobody waits is no failure.
            ended.Enqueue(e is OperationCanceledException ? null : e);
        }
    }

    private static async Task SendAndVanishAsync(
        Uri address,
        string path,
        string type,
        string start,
        SemaphoreSlim begun
    )
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port, Token);
        var request =
            $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nX-User: anna\r\nContent-Type: {type}\r\nContent-Length: 5000\r\n\r\n{start}";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Token);
        Assert.True(await begun.WaitAsync(Patience.Limit, Token));

        // Closes with a reset instead of an end.
        socket.LingerState = new LingerOption(true, 0);
    }
}
