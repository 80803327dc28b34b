using Npgsql;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>Hosts and servers that die at random moments under load.</summary>
public sealed class PostgresCrashTests
{
    private static readonly int Restarts = LongRun.IsOn ? 15 : 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_PostgreSQL_acknowledged_survives_hosts_that_are_killed()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var scene = new CrashScene("postgres", connection, () => EfHost.OnPostgres(connection));
        await scene.BeginAsync(Token);
        for (var crash = 0; crash < CrashScene.Kills; crash++)
        {
            using var host = scene.StartHost();
            await host.ReadAsync(Random.Shared.Next(1, 1000), Token);
            await host.KillAsync(Token);
            await scene.CheckAsync([host], Token);
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
        for (var crash = 0; crash < Restarts; crash++)
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
