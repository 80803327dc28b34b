using Npgsql;
using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>A store on PostgreSQL, and a second pair of hands on the same database.</summary>
internal sealed class PostgresScene(string connectionString, EfHost host) : IAsyncDisposable
{
    /// <summary>Holds an account until its transaction ends.</summary>
    public const string Lock = "SELECT 1 FROM user_credits WHERE account = $1 FOR UPDATE";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ICreditStore Store => host.Credits;

    public static async Task<PostgresScene> OpenAsync(PostgresDatabase database, bool isRetrying = false)
    {
        // A database of its own: what is done to one test's connections and tables concerns no other's.
        var connectionString = await database.CreateAnotherAsync();
        return new PostgresScene(connectionString, EfHost.OnPostgres(connectionString, isRetrying: isRetrying));
    }

    public async Task<AccountUnderTest> NewAccountAsync(long credits)
    {
        var account = new AccountUnderTest(Store);
        await account.MustApplyAsync(account.Grant("g", credits));
        return account;
    }

    /// <summary>Where the server listens.</summary>
    public int Port => new NpgsqlConnectionStringBuilder(connectionString).Port;

    public CreditLedger NewLedger(EfHost? other = null) =>
        new(
            (other ?? host).Credits,
            Microsoft.Extensions.Options.Options.Create(
                new PayPerUseOptions { Ledger = { Timeout = TimeSpan.FromMinutes(1) } }
            )
        );

    public EfHost NewHost() => EfHost.OnPostgres(connectionString);

    /// <summary>A host that reaches the server by another port.</summary>
    public EfHost NewHost(int port, bool isRetrying = false)
    {
        var other = new NpgsqlConnectionStringBuilder(connectionString) { Port = port };
        return EfHost.OnPostgres(other.ConnectionString, isRetrying: isRetrying);
    }

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var own = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "test", Pooling = false };
        var connection = new NpgsqlConnection(own.ConnectionString);
        await connection.OpenAsync(Token);
        return connection;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await ExecuteAsync(connection, sql);
    }

#pragma warning disable CA2100 // The tests' own text.
    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(Token);
    }

    public static async Task<T> ReadAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Token))!;
    }
#pragma warning restore CA2100

    /// <summary>Waits until connections of this database other than the tests' own wait for a lock.</summary>
    public async Task UntilBlockedAsync(int waiters = 1)
    {
        const string Sql =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name <> 'test'";

        // Outside a transaction: within one, PostgreSQL shows the same activity again and again.
        await using var connection = await ConnectAsync();
        while (await ReadAsync<long>(connection, Sql) < waiters)
        {
            await Task.Delay(10, Token);
        }
    }

    /// <summary>Holds one account while work wants several: who is held by nobody then, in the order of the database?</summary>
    public async Task<IEnumerable<string>> FindFreeAsync(AccountId held, Func<Task> work)
    {
        await using var other = await ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync(Token);
        await ExecuteAsync(other, Lock, held.Value);
        var waiter = Task.Run(work, Token);
        await UntilBlockedAsync();
        await using var third = await ConnectAsync();
        var free = await ReadAsync<string[]>(
            third,
            "SELECT coalesce(array_agg(account), '{}') FROM (SELECT account FROM user_credits ORDER BY account FOR UPDATE SKIP LOCKED) a"
        );
        await transaction.CommitAsync(Token);
        await waiter;
        return free.Select(a => AccountId.Parse(a).Owner);
    }

    /// <summary>Ends every connection of this database but the tests' own, as a restart of the server would.</summary>
    public Task EndConnectionsAsync() =>
        ExecuteAsync(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'test'"
        );

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
