using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>Hosts and servers that die at random moments under load. PAYPERUSE_CRASHES says how often (10).</summary>
public sealed class CrashTests
{
    private static readonly int Crashes = int.Parse(
        Environment.GetEnvironmentVariable("PAYPERUSE_CRASHES") ?? "10",
        CultureInfo.InvariantCulture
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_SQLite_acknowledged_survives_hosts_that_are_killed()
    {
        var file = EfHost.NewSqliteFile();
        try
        {
            var scene = new CrashScene("sqlite", "Data Source=" + file, () => EfHost.OnSqlite(file));
            await scene.BeginAsync(Token);
            for (var crash = 0; crash < Crashes; crash++)
            {
                // Nobody but the host has the file open, so that what it leaves behind is recovered.
                SqliteConnection.ClearAllPools();
                using var host = scene.StartHost();
                await host.ReadAsync(Random.Shared.Next(1, 1000), Token);
                await host.KillAsync(Token);
                await scene.CheckAsync([host], Token);
            }
        }
        finally
        {
            EfHost.Delete(file);
        }
    }

    [Fact]
    public async Task What_PostgreSQL_acknowledged_survives_hosts_that_are_killed()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var scene = new CrashScene("postgres", connection, () => EfHost.OnPostgres(connection));
        await scene.BeginAsync(Token);
        for (var crash = 0; crash < Crashes; crash++)
        {
            using var host = scene.StartHost();
            await host.ReadAsync(Random.Shared.Next(1, 1000), Token);
            await host.KillAsync(Token);
            await scene.CheckAsync([host], Token);
        }
    }

    [Fact]
    public async Task Four_hosts_on_one_database_lose_nothing_when_two_are_killed()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var scene = new CrashScene("postgres", connection, () => EfHost.OnPostgres(connection));
        await scene.BeginAsync(Token);
        var hosts = Enumerable.Range(0, 4).Select(_ => scene.StartHost()).ToArray();
        try
        {
            await Task.WhenAll(hosts.Select(h => h.ReadAsync(500, Token)));
            await Task.WhenAll(
                hosts.Select((h, i) => i < 2 ? h.KillAsync(Token) : h.ReadAsync(1000 + (500 * i), Token))
            );
            await Task.WhenAll(hosts[2..].Select(h => h.KillAsync(Token)));
            await scene.CheckAsync(hosts, Token);
            Assert.DoesNotContain(
                hosts.SelectMany(h => h.Failures),
                f => f.Note.Contains("deadlock", StringComparison.OrdinalIgnoreCase)
            );
        }
        finally
        {
            Array.ForEach(hosts, h => h.Dispose());
        }
    }

    [Fact]
    public async Task What_PostgreSQL_acknowledged_survives_its_own_crash_and_hosts_resume_by_themselves()
    {
        await using var server = await PostgresServer.StartAsync();
        Assert.SkipWhen(!server.IsOwn, "A given PostgreSQL is not ours to stop.");
        var connection = await server.CreateDatabaseAsync();
        var scene = new CrashScene("postgres", connection, () => EfHost.OnPostgres(connection));
        await scene.BeginAsync(Token);
        using var host = scene.StartHost();
        for (var crash = 0; crash < 3; crash++)
        {
            await host.ReadAsync(Random.Shared.Next(200, 1000), Token);
            await server.RestartAsync(isImmediate: true);
        }

        await host.ReadAsync(500, Token);
        await host.KillAsync(Token);
        NpgsqlConnection.ClearPool(new NpgsqlConnection(connection));
        await scene.CheckAsync([host], Token);
    }
}
