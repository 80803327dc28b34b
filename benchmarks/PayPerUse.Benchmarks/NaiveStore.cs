using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.Benchmarks;

/// <summary>What people write: load the row, decrement, SaveChanges under a concurrency token, retry on a conflict.</summary>
internal sealed class NaiveContext(DbContextOptions<NaiveContext> options) : DbContext(options)
{
    public DbSet<NaiveAccount> Accounts => Set<NaiveAccount>();

    public DbSet<NaiveLog> Log => Set<NaiveLog>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<NaiveAccount>(e =>
        {
            e.ToTable("naive_accounts");
            e.Property(a => a.Id).ValueGeneratedNever();
            e.Property(a => a.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<NaiveLog>().ToTable("naive_log").HasIndex(l => new { l.Account, l.Id });
    }
}

internal sealed class NaiveAccount
{
    public required string Id { get; set; }

    public long Balance { get; set; }

    public long Version { get; set; }
}

internal sealed class NaiveLog
{
    public long Id { get; set; }

    public required string Account { get; set; }

    public long Credits { get; set; }

    public long Balance { get; set; }
}

internal static class NaiveStore
{
    public static async Task SpendAsync(IServiceScopeFactory scopes, string account)
    {
        while (true)
        {
            // A scope and a context, as each request has.
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<NaiveContext>();
            var row = await context.Accounts.SingleAsync(a => a.Id == account);
            if (row.Balance < 1)
            {
                throw new InvalidOperationException("The benchmark's account is empty.");
            }

            row.Balance--;
            row.Version++;
            context.Log.Add(
                new NaiveLog
                {
                    Account = account,
                    Credits = -1,
                    Balance = row.Balance,
                }
            );
            try
            {
                await context.SaveChangesAsync();
                return;
            }
            catch (DbUpdateConcurrencyException)
            {
                // Another was first: load it again.
            }
        }
    }
}

/// <summary>The yardstick for SQLite: prepared statements, one durable transaction a spend.</summary>
internal sealed class SqliteYard : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _spend;
    private readonly SqliteCommand _log;
    private readonly SqliteCommand _commit;

    public SqliteYard(string file)
    {
        _connection = new SqliteConnection("Data Source=" + file + ";Pooling=False");
        _connection.Open();
        Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        Run("CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);");
        Run("CREATE TABLE log (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, credits INTEGER NOT NULL);");
        Run("CREATE INDEX log_account ON log (account, id);");
        Run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO accounts SELECT i, 1000000000 FROM n;"
        );
        _begin = Prepare("BEGIN IMMEDIATE");
        _spend = Prepare("UPDATE accounts SET balance = balance - 1 WHERE id = $id AND balance >= 1");
        _log = Prepare("INSERT INTO log (account, credits) VALUES ($id, -1)");
        _commit = Prepare("COMMIT");
    }

    /// <summary>Spends for a while on the caller's thread; returns spends a second.</summary>
    public double Spend(TimeSpan duration)
    {
        var count = 0;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (watch.Elapsed < duration)
        {
            var account = Random.Shared.Next(1, 10_001);
            _begin.ExecuteNonQuery();
            _spend.Parameters[0].Value = account;
            _spend.ExecuteNonQuery();
            _log.Parameters[0].Value = account;
            _log.ExecuteNonQuery();
            _commit.ExecuteNonQuery();
            count++;
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        _begin.Dispose();
        _spend.Dispose();
        _log.Dispose();
        _commit.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql)
    {
#pragma warning disable CA2100 // Constants of this class.
        var command = new SqliteCommand(sql, _connection);
#pragma warning restore CA2100
        if (sql.Contains("$id", StringComparison.Ordinal))
        {
            command.Parameters.Add("$id", SqliteType.Integer);
        }

        command.Prepare();
        return command;
    }

    private void Run(string sql)
    {
#pragma warning disable CA2100
        using var command = new SqliteCommand(sql, _connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
