using System.Diagnostics;
using Microsoft.Data.Sqlite;
using PayPerUse.Testing;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

public sealed class StartUpTests
{
    private const int Hosts = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_that_start_at_once_on_an_empty_SQLite_file_all_work()
    {
        var folder = Directory.CreateTempSubdirectory("sinterklaas-start-");
        try
        {
            var file = $"Data Source={Path.Combine(folder.FullName, "site.db")}";
            await AllStartAsync(("ConnectionStrings:Sinterklaas", file));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_new_SQLite_file_lets_readers_and_a_writer_work_at_once()
    {
        var folder = Directory.CreateTempSubdirectory("sinterklaas-start-");
        try
        {
            var connectionString = $"Data Source={Path.Combine(folder.FullName, "site.db")}";
            using var site = new SiteHost(("ConnectionStrings:Sinterklaas", connectionString)).Started();
            await using var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync(Ct);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode";
            Assert.Equal("wal", await command.ExecuteScalarAsync(Ct));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Hosts_that_start_at_once_on_an_empty_PostgreSQL_database_all_work()
    {
        var server = await PostgresServer.SharedAsync();
        await AllStartAsync(SiteHost.OnPostgreSql(await server.CreateDatabaseAsync()));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("PostgreSQL")]
    public async Task The_first_start_on_an_empty_database_has_nothing_to_complain_of(string provider)
    {
        (string, string)[] settings =
            provider == "Sqlite"
                ? []
                : SiteHost.OnPostgreSql(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        using var site = new SiteHost(settings).Started();
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);

        // Sweeps that found something to do are over by then as well.
        await visitor.PayAsync(Ct);
        using var made = await visitor.PostAsync("/letters", Visitor.Child(), Ct);

        Assert.Empty(site.Complaints);
    }

    [Fact]
    public async Task A_lock_that_a_dead_host_left_behind_does_not_stop_the_next()
    {
        var folder = Directory.CreateTempSubdirectory("sinterklaas-start-");
        try
        {
            var connectionString = $"Data Source={Path.Combine(folder.FullName, "site.db")}";
            await using (var connection = new SqliteConnection(connectionString))
            {
                await connection.OpenAsync(Ct);
                await using var command = connection.CreateCommand();
                command.CommandText = """
                    CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                    INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01');
                    """;
                await command.ExecuteNonQueryAsync(Ct);
            }

            using var site = new SiteHost(("ConnectionStrings:Sinterklaas", connectionString)).Started();
            using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
            Assert.Equal(0, await visitor.BalanceAsync(Ct));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Smtp:Host", "Payconiq:ApiKey", "Payconiq:ProfileId", "PublicUrl")]
    [InlineData("--Database:Provider=Oracle", "Database:Provider")]
    [InlineData("--Database:Provider=PostgreSQL", "ConnectionStrings:Sinterklaas")]
    [InlineData("--lan", "PayPerUse:PublicUrl")]
    public async Task Production_says_which_settings_are_missing_or_wrong(params string[] settingsAndMissing)
    {
        var settings = settingsAndMissing.Where(s => s.StartsWith('-'));
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(Program).Assembly.Location, "--urls=http://127.0.0.1:0" },
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_ENVIRONMENT"] = "Production" },
            WorkingDirectory = Path.GetDirectoryName(typeof(Program).Assembly.Location),
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var setting in settings)
        {
            start.ArgumentList.Add(setting);
        }

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);

        Assert.NotEqual(0, process.ExitCode);
        Assert.All(settingsAndMissing.Except(settings), m => Assert.Contains(m, error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task AllStartAsync(params (string, string)[] settings)
    {
        var hosts = Enumerable.Range(0, Hosts).Select(_ => new SiteHost(settings)).ToArray();
        try
        {
            await Task.WhenAll(hosts.Select(h => Task.Run(h.Started, Ct)));

            // A session made on one host is known on every other: they share their keys.
            using var visitor = await Visitor.SignedInAsync(hosts[0].Address, Ct);
            foreach (var host in hosts)
            {
                using var there = visitor.On(host.Address);
                Assert.Equal(0, await there.BalanceAsync(Ct));
            }
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }
}
