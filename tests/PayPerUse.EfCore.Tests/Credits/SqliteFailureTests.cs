using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public sealed class SqliteFailureTests : IAsyncLifetime
{
    private readonly string _file = EfHost.NewSqliteFile();
    private EfHost? _host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ICreditStore Store => _host!.Credits;

    public async ValueTask InitializeAsync() => _host = await EfHost.OnSqlite(_file).CreateTablesAsync();

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        EfHost.Delete(_file);
    }

    [Fact]
    public async Task A_command_that_the_database_refuses_does_not_take_its_neighbours_along()
    {
        var account = await NewAccountAsync(50);
        await using (var other = await ConnectAsync())
        {
            Execute(
                other,
                "CREATE TRIGGER refuse BEFORE INSERT ON usage_logs WHEN NEW.action = 'refused' BEGIN SELECT RAISE(ABORT, 'refused'); END"
            );
        }

        // Straight at the store: batches of several lanes that wait together are saved together.
        var batches = Enumerable.Range(0, 20).Select(i => account.Spend("s" + i, 1, i == 7 ? "refused" : "letter"));
        var tasks = batches.Select(c => Store.ApplyAsync(new CreditBatch([c]), Token)).ToList();
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => tasks[7]);
        Assert.Equal((CreditOperationOutcome.NotApplied, false), (error.Outcome, error.IsTransient));
        tasks.RemoveAt(7);
        Assert.All(await Task.WhenAll(tasks), o => Assert.Equal(CreditStatus.Applied, o[0].Result?.Status));
        await account.AuditAsync();
        await account.ExpectAsync(31);
    }

    [Fact]
    public async Task A_writer_of_another_process_is_waited_for()
    {
        var account = await NewAccountAsync(5);
        await using var other = await ConnectAsync();
        Execute(other, "BEGIN IMMEDIATE");
        var spend = Store.ApplyAsync(new CreditBatch([account.Spend("s", 1)]), Token);
        await account.ExpectAsync(5);
        Assert.False(spend.IsCompleted);
        Execute(other, "COMMIT");
        Assert.Equal(CreditStatus.Applied, (await spend)[0].Result?.Status);
        await account.ExpectAsync(4);
    }

    [Fact]
    public async Task The_file_is_written_ahead_and_synced_fully_on_every_connection()
    {
        await NewAccountAsync(5);
        await using var other = await ConnectAsync();
        await using var command = other.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", await command.ExecuteScalarAsync(Token));

        // 2 is FULL, and what a connection has that nobody told otherwise, such as those that write payments.
        command.CommandText = "PRAGMA synchronous";
        Assert.Equal(2L, await command.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_a_store_failure_that_was_not_applied()
    {
        await using var host = EfHost.OnSqlite(Path.Combine(_file, "not", "there.db"));
        var account = new AccountUnderTest(host.Credits);
        var errors = new[]
        {
            await Assert.ThrowsAsync<CreditStoreException>(() => account.ApplyAllAsync(account.Grant("g", 1))),
            await Assert.ThrowsAsync<CreditStoreException>(account.ReadAsync),
        };
        Assert.All(errors, e => Assert.Equal(CreditOperationOutcome.NotApplied, e.Outcome));
    }

    [Fact]
    public async Task A_context_that_fails_while_it_closes_does_not_take_the_host_along()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDbContext<StubbornDbContext>(o => o.UseSqlite("Data Source=" + _file));
        services.AddPayPerUse().UseEntityFrameworkCore<StubbornDbContext>();
        var account = await NewAccountAsync(5);
        await using (var other = await ConnectAsync())
        {
            Execute(
                other,
                "CREATE TRIGGER refuse BEFORE INSERT ON usage_logs WHEN NEW.action = 'refused' BEGIN SELECT RAISE(ABORT, 'refused'); END"
            );
        }

        await using (var provider = services.BuildServiceProvider())
        {
            var store = provider.GetRequiredService<ICreditStore>();
            await Assert.ThrowsAsync<CreditStoreException>(() =>
                store.ApplyAsync(new CreditBatch([account.Spend("s1", 1, "refused")]), Token)
            );
            var next = await store.ApplyAsync(new CreditBatch([account.Spend("s2", 1)]), Token);
            Assert.Equal(CreditStatus.Applied, next[0].Result?.Status);
        }

        await account.ExpectAsync(4);
    }

    private async Task<AccountUnderTest> NewAccountAsync(long credits)
    {
        var account = new AccountUnderTest(Store);
        await account.MustApplyAsync(account.Grant("g", credits));
        return account;
    }

    private async Task<SqliteConnection> ConnectAsync()
    {
        var connection = new SqliteConnection("Pooling=False;Data Source=" + _file);
        await connection.OpenAsync(Token);
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>An app's context that fails while the writer's thread closes it.</summary>
    private sealed class StubbornDbContext(DbContextOptions<StubbornDbContext> options) : PayPerUseDbContext(options)
    {
        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (Thread.CurrentThread.Name == "PayPerUse SQLite writer")
            {
                throw new InvalidOperationException("Closing failed.");
            }
        }
    }
}
