using System.Net;
using PayPerUse.Testing;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>The main job, end to end, on PostgreSQL and over two hosts.</summary>
public sealed class StoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_PostgreSQL_a_visitor_is_refused_pays_makes_five_and_is_refused_again()
    {
        using var site = await OnPostgreSqlAsync();
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        using var before = await visitor.PostAsync("/letters", Visitor.Child(), Ct);
        Assert.Equal(HttpStatusCode.PaymentRequired, before.StatusCode);

        await visitor.PayAsync(Ct);
        foreach (var path in new[] { "/letters", "/audio", "/letters", "/audio", "/letters" })
        {
            using var made = await visitor.PostAsync(path, Visitor.Child(), Ct);
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }

        using var after = await visitor.PostAsync("/letters", Visitor.Child(), Ct);
        Assert.Equal(HttpStatusCode.PaymentRequired, after.StatusCode);
        var history = await visitor.GetJsonAsync("/credits/history", Ct);
        Assert.Equal(0, history.GetProperty("entries").EnumerateArray().Sum(e => e.GetProperty("credits").GetInt64()));
    }

    [Fact]
    public async Task Two_hundred_callers_on_two_hosts_share_fifty_credits()
    {
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        (string, string)[] settings =
        [
            .. SiteHost.OnPostgreSql(database),
            ("PayPerUse:RateLimit:Permits", "1000"),
            ("PayPerUse:RateLimit:Window", "00:01:00"),
        ];
        using var one = new SiteHost(settings).Started();
        using var two = new SiteHost(settings).Started();
        using var visitor = await Visitor.SignedInAsync(one.Address, Ct);
        for (var i = 0; i < 10; i++)
        {
            await visitor.PayAsync(Ct);
        }

        using var elsewhere = visitor.On(two.Address);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    (i % 2 == 0 ? visitor : elsewhere).PostAsync("/credits/use", new { action = "letter" }, Ct)
                )
        );

        Assert.Equal(50, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(150, answers.Count(a => a.StatusCode == HttpStatusCode.PaymentRequired));
        Assert.Equal(0, await elsewhere.BalanceAsync(Ct));
    }

    private static async Task<SiteHost> OnPostgreSqlAsync()
    {
        var server = await PostgresServer.SharedAsync();
        return new SiteHost(SiteHost.OnPostgreSql(await server.CreateDatabaseAsync())).Started();
    }
}
