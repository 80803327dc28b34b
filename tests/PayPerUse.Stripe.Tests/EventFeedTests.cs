using System.Text.Json.Nodes;
using PayPerUse.Payments;

namespace PayPerUse.Stripe.Tests;

public sealed class EventFeedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_look_goes_three_days_back_and_asks_for_nothing_but_money_that_went_back()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => Answer.Ok(FakeStripe.List());
        using var services = Orders.Services(stripe.Address);
        var before = TimeProvider.System.GetUtcNow().AddDays(-3).AddSeconds(-1).ToUnixTimeSeconds();

        var page = await Feed(services).ReadReversalsAsync(null, Token);

        var query = Assert.Single(stripe.Requests).Query;
        var from = long.Parse(
            query.Split("created[gte]=")[1].Split('&')[0],
            System.Globalization.CultureInfo.InvariantCulture
        );
        Assert.InRange(from, before, before + 60);
        Assert.Contains("types[0]=charge.refunded", query, StringComparison.Ordinal);
        Assert.Contains("types[8]=charge.dispute.closed", query, StringComparison.Ordinal);
        Assert.DoesNotContain("types[9]", query, StringComparison.Ordinal);
        Assert.Empty(page.Notices);
        Assert.False(page.HasMore);
    }

    [Fact]
    public async Task A_window_is_read_to_its_end_before_the_next_begins_where_it_ended()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, n) =>
            Answer.Ok(Page(hasMore: n == 1, Event("evt_" + n, "pi_" + n))) with
            {
                Headers = new() { ["Date"] = Orders.Now.AddHours(n).ToString("R") },
            };
        using var services = Orders.Services(stripe.Address);
        var feed = Feed(services);
        var begin = Orders.Now.ToUnixTimeSeconds();

        var first = await feed.ReadReversalsAsync($"{begin}", Token);
        var second = await feed.ReadReversalsAsync(first.Cursor, Token);

        Assert.True(first.HasMore);
        Assert.Equal($"{begin} {begin + 3600} evt_1", first.Cursor);
        Assert.Contains("starting_after=evt_1", stripe.Requests.Last().Query, StringComparison.Ordinal);
        Assert.False(second.HasMore);

        // Five minutes for events that show up late, counted from when the window's first page was read.
        Assert.Equal($"{begin + 3600 - 300}", second.Cursor);
        Assert.Equal(["pi_1", "pi_2"], first.Notices.Concat(second.Notices).Select(n => n.ChargeId));
    }

    [Fact]
    public async Task Nothing_new_leaves_the_cursor_alone_for_a_while()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) =>
            Answer.Ok(FakeStripe.List()) with
            {
                Headers = new() { ["Date"] = Orders.Now.AddMinutes(10).ToString("R") },
            };
        using var services = Orders.Services(stripe.Address);
        var cursor = $"{Orders.Now.ToUnixTimeSeconds()}";

        Assert.Equal(cursor, (await Feed(services).ReadReversalsAsync(cursor, Token)).Cursor);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1 2 ")]
    [InlineData("99999999999999999999")]
    public async Task A_cursor_that_cannot_be_read_begins_anew(string cursor)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => Answer.Ok(FakeStripe.List());
        using var services = Orders.Services(stripe.Address);

        await Feed(services).ReadReversalsAsync(cursor, Token);

        Assert.DoesNotContain("starting_after", Assert.Single(stripe.Requests).Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_other_products_modes_and_shapes_do_no_harm()
    {
        await using var stripe = await FakeStripe.StartAsync();
        var live = Event("evt_1", "pi_live");
        live["livemode"] = true;
        var strange = Event("evt_2", "pi_x");
        strange["data"] = "nothing";
        stripe.Answers = (_, _) => Answer.Ok(Page(false, live, strange, FakeStripe.Resource("event")));
        using var services = Orders.Services(stripe.Address);

        Assert.Empty((await Feed(services).ReadReversalsAsync(null, Token)).Notices);
    }

    [Theory]
    [InlineData("""{"object":"list"}""")]
    [InlineData("""{"object":"list","data":[1]}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public async Task An_answer_that_is_no_list_moves_no_cursor(string body)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => new Answer(200, body);
        using var services = Orders.Services(stripe.Address);

        var e = await Assert.ThrowsAsync<PaymentProviderException>(() =>
            Feed(services).ReadReversalsAsync(null, Token)
        );

        Assert.Equal(PaymentProviderFailure.Unavailable, e.Failure);
    }

    private static IReversalFeed Feed(Microsoft.Extensions.DependencyInjection.ServiceProvider services) =>
        (IReversalFeed)services.Provider();

    private static JsonObject Event(string id, string intent)
    {
        var refund = FakeStripe.Resource("refund");
        refund["payment_intent"] = intent;
        var happened = FakeStripe.Resource("event");
        happened["id"] = id;
        happened["type"] = "refund.created";
        happened["data"] = new JsonObject { ["object"] = refund };
        return happened;
    }

    private static JsonObject Page(bool hasMore, params JsonObject[] events)
    {
        var list = FakeStripe.List(events);
        list["has_more"] = hasMore;
        return list;
    }
}
