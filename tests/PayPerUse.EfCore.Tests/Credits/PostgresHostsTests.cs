using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>Host processes that share one PostgreSQL under load.</summary>
public sealed class PostgresHostsTests
{
    private static readonly int Accounts = LongRun.IsOn ? 500 : 100;

    private static readonly TimeSpan Load = TimeSpan.FromSeconds(LongRun.IsOn ? 60 : 3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Four_hosts_on_one_database_lose_nothing_when_two_are_killed_and_no_caller_hears_of_a_deadlock()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var scene = new CrashScene("postgres", connection, () => EfHost.OnPostgres(connection), Accounts);
        await scene.BeginAsync(Token);
        var hosts = Enumerable.Range(0, 4).Select(_ => scene.StartHost()).ToArray();
        try
        {
            // The first two die under way, and the others carry on to the end.
            await Task.WhenAll(hosts.Select((h, i) => RunAsync(h, i < 2 ? Load * (0.3 + (0.3 * i)) : Load)));
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{hosts.Sum(h => h.Acknowledged)} of {hosts.Sum(h => h.Sent.Count)} commands acknowledged in {Load.TotalSeconds} s"
            );
            await scene.CheckAsync(hosts, Token);
            Assert.DoesNotContain(
                hosts.SelectMany(h => h.Failures),
                f => f.Note.Contains("deadlock", StringComparison.OrdinalIgnoreCase)
            );

            // Not even one that was tried again: all hosts lock in one order.
            Assert.Equal(0, await scene.CountDeadlocksAsync(Token));
        }
        finally
        {
            Array.ForEach(hosts, h => h.Dispose());
        }
    }

    private static async Task RunAsync(CrashHost host, TimeSpan time)
    {
        await host.ReadAsync(100, Token);
        await host.ReadAsync(time, Token);
        await host.KillAsync(Token);
    }
}
