using System.Net;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

public sealed class CreditsContractTests(SharedSite site) : IClassFixture<SharedSite>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_use_takes_the_registered_price_once_per_key()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);

        using var first = await visitor.PostAsync("/credits/use", new { action = "letter" }, Ct, key: "a");
        using var again = await visitor.PostAsync("/credits/use", new { action = "letter" }, Ct, key: "a");
        using var reused = await visitor.PostAsync("/credits/use", new { action = "audio" }, Ct, key: "a");

        Assert.Equal(4, (await Visitor.BodyOfAsync(first, Ct)).GetProperty("balance").GetInt64());
        Assert.Equal(
            (await Visitor.BodyOfAsync(first, Ct)).GetProperty("operationId").GetString(),
            (await Visitor.BodyOfAsync(again, Ct)).GetProperty("operationId").GetString()
        );
        Assert.Equal("key-reused", await Visitor.ProblemOfAsync(reused, HttpStatusCode.Conflict, Ct));
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task Twenty_uses_at_once_on_four_credits_are_four_uses()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);
        using var one = await visitor.PostAsync("/credits/use", new { action = "letter" }, Ct);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => visitor.PostAsync("/credits/use", new { action = "letter" }, Ct))
        );

        Assert.Equal(4, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(16, answers.Count(a => a.StatusCode == HttpStatusCode.PaymentRequired));
        Assert.Equal(0, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task After_thirty_uses_in_a_minute_the_next_one_waits_and_is_told_how_long()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        for (var i = 0; i < 7; i++)
        {
            await visitor.PayAsync(Ct);
        }

        for (var i = 0; i < 30; i++)
        {
            using var used = await visitor.PostAsync("/credits/use", new { action = "letter" }, Ct);
            Assert.Equal(HttpStatusCode.OK, used.StatusCode);
        }

        using var next = await visitor.PostAsync("/credits/use", new { action = "letter" }, Ct);
        using var letter = await visitor.PostAsync("/letters", Visitor.Child(), Ct);

        Assert.Equal("rate-limited", await Visitor.ProblemOfAsync(next, HttpStatusCode.TooManyRequests, Ct));
        Assert.Equal("rate-limited", await Visitor.ProblemOfAsync(letter, HttpStatusCode.TooManyRequests, Ct));
        Assert.InRange(next.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal(5, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task Refusals_come_in_the_order_of_the_contract()
    {
        using var nobody = new Visitor(site.Address);
        using var anonymous = await nobody.PostAsync("/credits/use", new { action = "letter" }, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);

        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        using var unknown = await visitor.PostAsync("/credits/use", new { action = "paard" }, Ct);
        await Visitor.ProblemOfAsync(unknown, HttpStatusCode.BadRequest, Ct);
        using var wrongPrice = await visitor.PostAsync("/credits/use", new { action = "letter", credits = 2 }, Ct);
        await Visitor.ProblemOfAsync(wrongPrice, HttpStatusCode.BadRequest, Ct);
        using var broke = await visitor.PostAsync("/credits/use", new { action = "letter" }, Ct);
        Assert.Equal("insufficient-credits", await Visitor.ProblemOfAsync(broke, HttpStatusCode.PaymentRequired, Ct));
    }

    [Fact]
    public async Task History_is_paged_from_the_newest()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);
        for (var i = 0; i < 3; i++)
        {
            using var used = await visitor.PostAsync("/credits/use", new { action = "letter" }, Ct);
        }

        var first = await visitor.GetJsonAsync("/credits/history?limit=2", Ct);
        var second = await visitor.GetJsonAsync(
            $"/credits/history?limit=2&before={first.GetProperty("next").GetString()}",
            Ct
        );

        var balances = first
            .GetProperty("entries")
            .EnumerateArray()
            .Concat(second.GetProperty("entries").EnumerateArray());
        Assert.Equal([2, 3, 4, 5], balances.Select(e => e.GetProperty("balance").GetInt64()));
        Assert.Equal("five", second.GetProperty("entries")[1].GetProperty("action").GetString());
        using var bad = await visitor.GetAsync("/credits/history?before=gisteren", Ct);
        await Visitor.ProblemOfAsync(bad, HttpStatusCode.BadRequest, Ct);
    }

    [Fact]
    public async Task The_balance_is_told_live_until_the_visitor_signs_out()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/credits/events");
        using var events = await visitor.OpenAsync(request, Ct);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync(Ct));
        Assert.Contains("\"balance\":0", await NextBalanceAsync(reader), StringComparison.Ordinal);

        await visitor.PayAsync(Ct);
        Assert.Contains("\"balance\":5", await NextBalanceAsync(reader), StringComparison.Ordinal);

        using var signedOut = await visitor.PostAsync("/signout", new { }, Ct);
        Assert.Null(await NextBalanceAsync(reader));
    }

    private static async Task<string?> NextBalanceAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(Ct) is { } line)
        {
            if (
                line.StartsWith("data:", StringComparison.Ordinal) && line.Contains("balance", StringComparison.Ordinal)
            )
            {
                return line;
            }
        }

        return null;
    }
}
