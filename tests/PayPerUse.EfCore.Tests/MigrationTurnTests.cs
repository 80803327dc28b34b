using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests;

/// <summary>Hosts that start at once and bring one database up to date in turn.</summary>
public sealed class MigrationTurnTests : IDisposable
{
    private const int Hosts = 4;

    private readonly string _file = EfHost.NewSqliteFile();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        EfHost.Delete(_file);
        File.Delete(_file + ".start");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hosts_that_start_at_once_migrate_once_and_do_the_rest_one_after_another(bool isSqlite)
    {
        var use = await DatabaseAsync(isSqlite);
        var (inside, most, ran) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, Hosts).Select(_ => Task.Run(StartAsync, Token)));
        Assert.Equal((1, Hosts), (most, ran));
        Assert.Equal([HouseMigration.Name], await AppliedAsync(use));

        async Task StartAsync()
        {
            await using var context = new HouseContext(use);
            await context.Database.MigrateInTurnAsync(
                async () =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    await Task.Delay(20, Token);
                    Interlocked.Decrement(ref inside);
                    ran++;
                },
                Token
            );
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_fails_afterwards_gives_its_turn_back(bool isSqlite)
    {
        var use = await DatabaseAsync(isSqlite);
        await using (var failing = new HouseContext(use))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                failing.Database.MigrateInTurnAsync(() => throw new InvalidOperationException("no key"), Token)
            );
        }

        await using var next = new HouseContext(use);
        await next.Database.MigrateInTurnAsync(cancellationToken: Token);
        Assert.Equal([HouseMigration.Name], await AppliedAsync(use));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_can_stop_waiting_for_its_turn(bool isSqlite)
    {
        var use = await DatabaseAsync(isSqlite);
        await using var holder = new HouseContext(use);
        await holder.Database.MigrateInTurnAsync(
            async () =>
            {
                await using var waiting = new HouseContext(use);
                using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                    waiting.Database.MigrateInTurnAsync(cancellationToken: stop.Token)
                );
            },
            Token
        );
    }

    [Fact]
    public async Task The_lock_that_a_dead_host_left_in_a_SQLite_file_holds_nobody_up()
    {
        var use = await DatabaseAsync(isSqlite: true);
        await using (var dead = new HouseContext(use))
        {
            // What EF Core writes before it migrates, and a host that was killed never takes away.
            await dead.Database.ExecuteSqlAsync(
                $"""
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
                """,
                Token
            );
        }

        await using var next = new HouseContext(use);
        await next.Database.MigrateInTurnAsync(cancellationToken: Token);
        Assert.Equal([HouseMigration.Name], await AppliedAsync(use));
    }

    private async Task<DbContextOptions<HouseContext>> DatabaseAsync(bool isSqlite)
    {
        var builder = new DbContextOptionsBuilder<HouseContext>();
        return (
            isSqlite
                ? builder.UseSqlite("Data Source=" + _file)
                : builder.UseNpgsql(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync())
        ).Options;
    }

    private static async Task<List<string>> AppliedAsync(DbContextOptions<HouseContext> use)
    {
        await using var context = new HouseContext(use);
        Assert.Equal(1, await context.Database.SqlQuery<int>($"SELECT id AS \"Value\" FROM visits").SingleAsync(Token));
        return [.. await context.Database.GetAppliedMigrationsAsync(Token)];
    }
}

/// <summary>A context with one migration.</summary>
public sealed class HouseContext(DbContextOptions<HouseContext> options) : DbContext(options);

/// <summary>Fails when it is applied twice, and leaves a row for each time.</summary>
[DbContext(typeof(HouseContext))]
[Migration(Name)]
public sealed class HouseMigration : Migration
{
    public const string Name = "20260101000000_House";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        migrationBuilder.Sql("CREATE TABLE visits (id int NOT NULL)");
        migrationBuilder.Sql("INSERT INTO visits VALUES (1)");
    }
}
