using CsCheck;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Testing;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>The portable store where other writers are really at work at once: on SQLite there is one at a time.</summary>
public sealed class PortablePostgresTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task What_callers_on_two_portable_hosts_get_at_once_is_explained_by_the_order_of_the_log()
    {
        var clock = new FakeTimeProvider(CreditScript.Start);
        await using var one = EfHost.OnPostgres(database.ConnectionString, clock, isPortable: true);
        await using var two = EfHost.OnPostgres(database.ConnectionString, clock, isPortable: true);
        var teller = new CreditCrowdTeller(one.Credits, two.Credits, clock);
        await CreditScript.Story.SampleAsync(teller.TellAsync, iter: LongRun.IsOn ? 300 : 10, threads: 1);
    }
}
