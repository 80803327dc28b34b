using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>Streaming is opt-in: the answer leaves while it is made, and is charged at its end; on every kind of endpoint.</summary>
public sealed class StreamAnswerTests(ChargedHouse house) : ChargedTest(house), IClassFixture<ChargedHouse>
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Bytes_leave_before_the_charge_and_the_charge_follows(string kind)
    {
        await GrantAsync(3);
        var go = new TaskCompletionSource();
        Scene.Act = async c =>
        {
            await c.Response.WriteAsync("first ", Token);
            await c.Response.Body.FlushAsync(Token);
            await go.Task.WaitAsync(Token);
            await c.Response.WriteAsync("last", Token);
            return null;
        };

        var answer = await PostStreamAsync(kind);
        await using var body = await answer.Content.ReadAsStreamAsync(Token);
        var first = new byte[6];
        await body.ReadExactlyAsync(first, Token);
        await AssertCreditsAsync(2, reserved: 1);
        go.SetResult();

        using var reader = new StreamReader(body);
        Assert.Equal("last", await reader.ReadToEndAsync(Token));
        await AssertCreditsInTheEndAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_that_leaves_after_the_first_byte_is_charged(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async c =>
        {
            await c.Response.WriteAsync("first ", Token);
            await c.Response.Body.FlushAsync(Token);
            await Task.Delay(Timeout.Infinite, c.RequestAborted);
            return null;
        };

        var answer = await PostStreamAsync(kind);
        await using (var body = await answer.Content.ReadAsStreamAsync(Token))
        {
            await body.ReadExactlyAsync(new byte[6], Token);
        }

        answer.Dispose();

        await AssertCreditsInTheEndAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_that_leaves_before_the_first_byte_is_not_charged(string kind)
    {
        await GrantAsync(3);
        var started = new TaskCompletionSource();
        Scene.Act = async c =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, c.RequestAborted);
            return null;
        };
        using var leave = new CancellationTokenSource();
        var answer = Client.PostAsync($"/{kind}/stream", null, leave.Token);
        await started.Task.WaitAsync(Token);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await AssertCreditsInTheEndAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_fault_of_the_server_is_not_charged(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async c =>
        {
            await c.Response.WriteAsync("first ", Token);
            await c.Response.Body.FlushAsync(Token);
            throw new InvalidOperationException("The maker broke.");
        };

        var answer = await PostStreamAsync(kind);

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(Token));
        await AssertCreditsInTheEndAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_action_that_gives_up_its_connection_is_a_fault_of_the_server(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async c =>
        {
            await c.Response.WriteAsync("first ", Token);
            await c.Response.Body.FlushAsync(Token);
            c.Abort();
            return null;
        };

        await Assert.ThrowsAnyAsync<Exception>(async () =>
            await (await PostStreamAsync(kind)).Content.ReadAsStringAsync(Token)
        );

        await AssertCreditsInTheEndAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_status_of_400_or_more_and_a_declined_charge_release(string kind)
    {
        await GrantAsync(3);
        Scene.Act = _ => Task.FromResult<object?>(418);
        Assert.Equal(418, (int)(await PostStreamAsync(kind)).StatusCode);
        Scene.Act = c =>
        {
            c.ReleaseCredits();
            return Task.FromResult<object?>("free");
        };
        Assert.Equal("free", await (await PostStreamAsync(kind)).Content.ReadAsStringAsync(Token));

        await AssertCreditsInTheEndAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_sent_and_cannot_be_charged_is_counted_as_a_loss(string kind)
    {
        await GrantAsync(3);
        var losses = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == PayPerUseDiagnostics.LostChargesCounter)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (_, count, tags, _) =>
            {
                Assert.Equal("stream", tags[0].Value);
                Interlocked.Add(ref losses, (int)count);
            }
        );
        listener.Start();
        Store.Fail(CreditCommandKind.Commit);

        var answer = await PostStreamAsync(kind);

        Assert.Equal("a letter", await answer.Content.ReadAsStringAsync(Token));
        while (Volatile.Read(ref losses) == 0)
        {
            await Task.Delay(5, Token);
        }

        Assert.Equal(1, losses);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Without_credits_nothing_is_streamed(string kind)
    {
        await (await PostStreamAsync(kind)).ProblemAsync(402, "insufficient-credits");

        Assert.Equal(0, Scene.Runs);
    }

    private Task<HttpResponseMessage> PostStreamAsync(string kind) => PostAsync(kind, what: "stream");
}
