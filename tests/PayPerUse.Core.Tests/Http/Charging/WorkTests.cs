using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using PayPerUse.Http;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>What takes a while to make: whole or told line by line, within its time, and free when it fails.</summary>
public sealed class WorkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_is_an_address_for_scripts_and_a_redirect_for_forms()
    {
        await using var house = await StartAsync((_, _) => Task.FromResult("Dear Anna"));

        using var script = await house.SendAsync(HttpMethod.Post, "/letters", new JsonObject());
        using var form = await house.Client.PostAsync("/letters", new FormUrlEncodedContent([]), Token);

        Assert.Equal("/letters/1", script.Headers.Location!.OriginalString);
        var made = await script.JsonAsync(HttpStatusCode.Created);
        Assert.Equal("Dear Anna", (string?)made["text"]);
        Assert.Equal(HttpStatusCode.Found, form.StatusCode);
        Assert.Equal("/letters/1", form.Headers.Location!.OriginalString);
        Assert.Equal(3, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_stream_tells_each_step_and_at_last_what_was_made()
    {
        await using var house = await StartAsync(
            async (tell, _) =>
            {
                await tell(new { step = "write" });
                return "Dear Anna";
            }
        );

        Assert.Equal(
            ["""{"step":"write"}""", """{"made":{"text":"Dear Anna"},"url":"/letters/1"}"""],
            await LinesAsync(house)
        );
        Assert.Equal(4, await house.BalanceAsync());
    }

    [Fact]
    public async Task What_fails_costs_nothing_and_says_sorry()
    {
        await using var house = await StartAsync((_, _) => throw new InvalidOperationException("broken"));

        using var script = await house.SendAsync(HttpMethod.Post, "/letters", new JsonObject());
        using var form = await house.Client.PostAsync("/letters", new FormUrlEncodedContent([]), Token);

        Assert.Equal("Sorry.", (string?)(await script.ProblemAsync(503, "unavailable"))["detail"]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, form.StatusCode);
        Assert.Equal(0, form.Content.Headers.ContentLength);
        Assert.Equal(["""{"error":"Sorry."}"""], await LinesAsync(house));
        Assert.Equal((5, 0), await house.CreditsAsync());
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("/stream", false)]
    [InlineData("/stream", true)]
    public async Task What_takes_too_long_is_given_up_also_when_it_does_not_listen(string path, bool listens)
    {
        var started = new TaskCompletionSource();
        var end = new TaskCompletionSource<string>();
        Func<object, Task>? tell = null;
        await using var house = await StartAsync(
            (t, ct) =>
            {
                tell = t;
                started.TrySetResult();
                return listens ? end.Task.WaitAsync(ct) : end.Task;
            },
            isFrozen: true
        );
        var asked = house.SendAsync(HttpMethod.Post, "/letters" + path, new JsonObject());
        await started.Task.WaitAsync(Token);

        house.Clock!.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((4, 1), await house.CreditsAsync());
        house.Clock.Advance(TimeSpan.FromSeconds(1));

        using var answer = await asked;
        Assert.Contains("Sorry.", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal((5, 0), await house.CreditsAsync());

        // Nobody listens any more, and the answer is over.
        await tell!(new { step = "late" });
        end.SetResult("late");
    }

    [Fact]
    public async Task What_turns_out_to_be_free_is_given_and_not_charged()
    {
        await using var house = await StartAsync((_, _) => Task.FromResult(""));

        using var answer = await house.SendAsync(HttpMethod.Post, "/letters", new JsonObject());

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(5, await house.BalanceAsync());
    }

    private static async Task<HttpHouse> StartAsync(CreditWorkRun<string> run, bool isFrozen = false)
    {
        var house = await HttpHouse.StartAsync(s =>
        {
            _ = isFrozen ? s.FreezeTime() : s;
            s.Map = app =>
                app.MapWork(
                        "/letters",
                        new CreditWork<string>(_ => run, _ => "/letters/1", text => new { text })
                        {
                            IsFree = text => text.Length == 0,
                            Sorry = _ => "Sorry.",
                        }
                    )
                    .RequireCredits("letter");
        });
        await house.GrantAsync(5);
        return house;
    }

    private static async Task<string[]> LinesAsync(HttpHouse house)
    {
        using var answer = await house.SendAsync(HttpMethod.Post, "/letters/stream", new JsonObject());
        return (await answer.Content.ReadAsStringAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
