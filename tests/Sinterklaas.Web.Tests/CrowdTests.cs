using PayPerUse.Rush;
using PayPerUse.Testing;
using Sinterklaas.Crowd;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>Visitors who all come at the same moment. The benchmarks' part <c>site</c> measures the same with more of them.</summary>
public sealed class CrowdTests
{
    private static readonly int Visitors = LongRun.IsOn ? 200 : 20;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Visitors_who_come_at_once_all_get_their_letter_on_SQLite()
    {
        using var site = new SiteHost().Started();

        var result = await CrowdWalk.RunAsync(site.Address, Visitors, "visitor", Ct);

        Assert.Empty(result.Errors);
    }

    [Fact]
    public async Task Visitors_who_come_at_once_all_get_their_letter_from_two_hosts_behind_one_port()
    {
        var database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var bank = await RushBank.StartAsync();
        await using var front = new RoundRobin();
        (string, string)[] settings =
        [
            .. SiteHost.OnPostgreSql(database),
            ("PayPerUse:PublicUrl", front.Address.ToString()),
            ("Payconiq:ApiKey", bank.ApiKey),
            ("Payconiq:ProfileId", bank.ProfileId),
            ("Payconiq:ApiBase", bank.Address),
            ("Payconiq:JwksUri", bank.Address + "/jwks"),
        ];
        using var first = new SiteHost(settings).Started();
        using var second = new SiteHost(settings).Started();
        front.Lead(first.Address, second.Address);

        var result = await CrowdWalk.RunAsync(front.Address, Visitors, "visitor", Ct);

        Assert.Empty(result.Errors);
    }
}
