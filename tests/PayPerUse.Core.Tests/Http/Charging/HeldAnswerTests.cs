using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>Ordinary answers are held back until they are charged; on every kind of endpoint.</summary>
public sealed class HeldAnswerTests(ChargedHouse house) : ChargedTest(house), IClassFixture<ChargedHouse>
{
    /// <summary>Every way by which an action could start its answer.</summary>
    private static readonly Dictionary<string, Func<HttpContext, Task>> Ways = new()
    {
        ["write and flush"] = async c =>
        {
            await c.Response.WriteAsync("a letter", Token);
            await c.Response.Body.FlushAsync(Token);
        },
        ["pipe writer"] = async c =>
        {
            await c.Response.BodyWriter.WriteAsync("a letter"u8.ToArray(), Token);
            await c.Response.BodyWriter.FlushAsync(Token);
        },
        ["start"] = async c =>
        {
            await c.Response.StartAsync(Token);
            await c.Response.WriteAsync("a letter", Token);
        },
        ["complete"] = async c =>
        {
            await c.Response.WriteAsync("a letter", Token);
            await c.Response.CompleteAsync();
        },
        ["file"] = async c =>
        {
            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, "a letter", Token);
            await c.Response.SendFileAsync(file, Token);
            File.Delete(file);
        },
        ["unflushed writer, then stream"] = async c =>
        {
            "a let"u8.CopyTo(c.Response.BodyWriter.GetSpan(5));
            c.Response.BodyWriter.Advance(5);
            await c.Response.Body.WriteAsync("t"u8.ToArray(), Token);
            "er"u8.CopyTo(c.Response.BodyWriter.GetSpan(2));
            c.Response.BodyWriter.Advance(2);
        },
        ["no buffering"] = async c =>
        {
            c.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
            await c.Response.WriteAsync("a letter", Token);
            await c.Response.Body.FlushAsync(Token);
        },
    };

    public static MatrixTheoryData<string, string> KindsAndWays => new(Kinds.Select(k => k.Data), Ways.Keys);

    [Theory]
    [MemberData(nameof(KindsAndWays))]
    public async Task Commit_is_awaited_before_the_first_byte_leaves(string kind, string way)
    {
        await GrantAsync(3);
        Scene.Act = async c =>
        {
            await Ways[way](c);
            return null;
        };
        var committing = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        Store.Before = async batch =>
        {
            if (batch.Commands.Any(c => c.Kind == CreditCommandKind.Commit))
            {
                committing.TrySetResult();
                await go.Task;
            }
        };
        using var socket = await ConnectAsync();
        await socket.SendAsync(RawPost(kind), Token);

        await committing.Task.WaitAsync(Token);
        Assert.Equal(0, socket.Available);
        Assert.False(socket.Poll(0, SelectMode.SelectRead));
        go.SetResult();

        var answer = await ReadAllAsync(socket);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("a letter", answer, StringComparison.Ordinal);
        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_failed_commit_is_503_and_there_is_no_product(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async c =>
        {
            c.Response.StatusCode = 201;
            c.Response.Headers.Location = "/letters/1";
            c.Response.Cookies.Append("letter", "1");
            c.Response.ContentLength = 8;
            await c.Response.WriteAsync("a letter", Token);
            return null;
        };
        Store.Fail(CreditCommandKind.Commit);

        var answer = await PostAsync(kind);

        var problem = await answer.ProblemAsync(503, "store-unavailable");
        Assert.Equal("not-applied", (string?)problem["outcome"]);
        Assert.Null(answer.Headers.Location);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Store.Before = null;
        await AssertCreditsInTheEndAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_unknown_commit_is_503_with_its_id_and_there_is_no_product(string kind)
    {
        await GrantAsync(3);
        Store.After = b =>
            b.Commands.Any(c => c.Kind == CreditCommandKind.Commit)
                ? throw HookedCreditStore.Down(CreditOperationOutcome.Unknown)
                : Task.CompletedTask;

        var problem = await (await PostAsync(kind, "k")).ProblemAsync(503, "store-unavailable");

        Assert.Equal(("unknown", "k"), ((string?)problem["outcome"], (string?)problem["operationId"]));
        Store.After = null;

        // It did take effect, and asking again with the id says so.
        await (await PostAsync(kind, "k")).ProblemAsync(409, "already-done");
        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_reservation_that_lapsed_cannot_be_charged_so_there_is_no_product(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async c =>
        {
            var charge = c.GetCreditCharge()!;
            var mine = await Http.Ledger.ReserveAsync(
                Account,
                "http:" + charge.OperationId,
                1,
                "letter",
                cancellationToken: Token
            );
            await Http.Ledger.ReleaseAsync(mine.Reservation!.ToId(Account), Token);
            return "a letter";
        };

        await (await PostAsync(kind)).ProblemAsync(503, "store-unavailable");

        await AssertCreditsAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_status_that_the_action_sets_in_OnStarting_still_counts(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async c =>
        {
            c.Response.OnStarting(() =>
            {
                c.Response.StatusCode = 500;
                c.Response.Headers["X-Late"] = "yes";
                return Task.CompletedTask;
            });
            await c.Response.WriteAsync("a letter", Token);
            await c.Response.Body.FlushAsync(Token);
            return null;
        };

        var answer = await PostAsync(kind);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.True(answer.Headers.Contains("X-Late"));
        await AssertCreditsAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_large_answer_arrives_whole(string kind)
    {
        await GrantAsync(3);
        var part = new string('x', 64 * 1024);
        Scene.Act = async c =>
        {
            for (var i = 0; i < 32; i++)
            {
                await c.Response.WriteAsync(part, Token);
            }

            return null;
        };

        var answer = await PostAsync(kind);

        Assert.Equal(32 * 64 * 1024, (await answer.Content.ReadAsByteArrayAsync(Token)).Length);
        await AssertCreditsAsync(2);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public async Task Whatever_an_action_writes_with_its_bytes_stay_in_order(int size)
    {
        await GrantAsync(3);
        var expected = new byte[size];
        new Random(size).NextBytes(expected);
        Scene.Act = async c =>
        {
            // Four ways in turn, of uneven lengths, through memory and into the file.
            for (var (at, turn) = (0, 0); at < size; turn++)
            {
                var part = expected.AsMemory(at, Math.Min(size - at, 1 + (turn * 37 % 5_000)));
                switch (turn % 4)
                {
                    case 0:
                        part.CopyTo(c.Response.BodyWriter.GetMemory(part.Length));
                        c.Response.BodyWriter.Advance(part.Length);
                        break;
                    case 1:
                        await c.Response.Body.WriteAsync(part, Token);
                        break;
                    case 2:
                        await c.Response.BodyWriter.WriteAsync(part, Token);
                        break;
                    default:
#pragma warning disable CA1849 // The synchronous way is one of the ways.
                        c.Response.Body.Write(part.Span);
#pragma warning restore CA1849
                        break;
                }

                at += part.Length;
            }

            return null;
        };

        var answer = await PostAsync("minimal");

        Assert.Equal(expected, await answer.Content.ReadAsByteArrayAsync(Token));
        await AssertCreditsAsync(2);
    }

    [Fact]
    public async Task An_action_that_writes_after_its_answer_was_sent_hears_of_it()
    {
        await GrantAsync(3);
        System.IO.Pipelines.PipeWriter? kept = null;
        Scene.Act = async c =>
        {
            kept = c.Response.BodyWriter;
            await c.Response.WriteAsync("a letter", Token);
            return null;
        };

        var answer = await PostAsync("minimal");

        Assert.Equal("a letter", await answer.Content.ReadAsStringAsync(Token));
        await AssertCreditsAsync(2);
        var isRefused = SpinWait.SpinUntil(
            () => Record.Exception(() => kept!.GetMemory(1)) is InvalidOperationException,
            TimeSpan.FromSeconds(30)
        );
        Assert.True(isRefused);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_connection_cannot_be_taken_over_before_it_is_charged(string kind)
    {
        await GrantAsync(3);
        Scene.Act = c =>
            Task.FromResult<object?>(
                $"{c.Features.Get<IHttpUpgradeFeature>() is null} {c.WebSockets.IsWebSocketRequest}"
            );

        var answer = await PostAsync(
            kind,
            change: r =>
            {
                r.Headers.TryAddWithoutValidation("Connection", "Upgrade");
                r.Headers.TryAddWithoutValidation("Upgrade", "websocket");
            }
        );

        Assert.Equal("True False", await answer.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_that_leaves_early_is_not_charged_when_the_action_stops(string kind)
    {
        await GrantAsync(3);
        var started = new TaskCompletionSource();
        Scene.Act = async c =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, c.RequestAborted);
            return "a letter";
        };
        using var leave = new CancellationTokenSource();
        var answer = Client.PostAsync($"/{kind}/scene", null, leave.Token);
        await started.Task.WaitAsync(Token);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await AssertCreditsInTheEndAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_that_leaves_early_is_charged_when_the_action_completes(string kind)
    {
        await GrantAsync(3);
        var started = new TaskCompletionSource();
        Scene.Act = async c =>
        {
            var left = new TaskCompletionSource();
            await using var registration = c.RequestAborted.Register(left.SetResult);
            started.SetResult();
            await left.Task.WaitAsync(Token);
            return "a letter";
        };
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{kind}/scene");
        request.Headers.Add("Idempotency-Key", "k");
        var answer = Client.SendAsync(request, leave.Token);
        await started.Task.WaitAsync(Token);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await AssertCreditsInTheEndAsync(2);
        await (await PostAsync(kind, "k")).ProblemAsync(409, "already-done");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_action_that_gives_up_its_connection_is_not_charged(string kind)
    {
        await GrantAsync(3);
        Scene.Act = c =>
        {
            c.Abort();
            return Task.FromResult<object?>("a letter");
        };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PostAsync(kind));

        await AssertCreditsInTheEndAsync(3);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Http.Address.Host, Http.Address.Port, Token);
        return socket;
    }

    private byte[] RawPost(string kind) =>
        Encoding.ASCII.GetBytes(
            $"POST /{kind}/scene HTTP/1.1\r\nHost: {Http.Address.Authority}\r\nX-User: {Account.Owner}\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n"
        );

    private static async Task<string> ReadAllAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Token);
    }
}
