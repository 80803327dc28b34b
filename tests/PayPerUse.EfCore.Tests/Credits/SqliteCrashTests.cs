using Microsoft.Data.Sqlite;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>Hosts on SQLite that die at random moments under load.</summary>
public sealed class SqliteCrashTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_SQLite_acknowledged_survives_hosts_that_are_killed()
    {
        var file = EfHost.NewSqliteFile();
        try
        {
            var scene = new CrashScene("sqlite", "Data Source=" + file, () => EfHost.OnSqlite(file));
            await scene.BeginAsync(Token);
            for (var crash = 0; crash < CrashScene.Kills; crash++)
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
}
