using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PayPerUse.EfCore;
using PayPerUse.Testing;

namespace PayPerUse.Benchmarks;

/// <summary>What is measured against what; each line of docs/operations.md's table.</summary>
internal sealed class Comparison(TimeSpan duration, int rounds, IReadOnlySet<string> only, Report report)
    : IAsyncDisposable
{
    private static readonly TimeSpan NaiveWarmUp = TimeSpan.FromSeconds(25);

    private PostgresServer? _server;

    public async Task LedgerAsync()
    {
        var yard = await NewDatabaseAsync();
        var bench = new PgBench(_server!.BinFolder, yard);
        await bench.PrepareAsync();
        await using var ledger = await StartPostgresLedgerAsync(await NewDatabaseAsync(), LedgerLoad.Accounts);

        await CompareAsync(
            "random1024",
            "spends/s, 1,024 callers",
            () => ledger.SpendAtRandomAsync(1024, duration),
            "pgbench, 64 clients",
            () => bench.SpendAtRandomAsync(64, duration),
            "≥ 3"
        );
        await CompareAsync(
            "random64",
            "spends/s, 64 callers",
            () => ledger.SpendAtRandomAsync(64, duration),
            "pgbench, 64 clients",
            () => bench.SpendAtRandomAsync(64, duration),
            "≥ 1"
        );
        await CompareAsync(
            "hot1024",
            "spends/s on one account, 1,024 callers",
            () => ledger.SpendOnOneAsync(1024, duration),
            "pgbench on one row",
            () => bench.SpendOnOneRowAsync(64, duration),
            "≥ 15"
        );
        await CompareAsync(
            "lone",
            "median µs of a lone caller",
            () => ledger.LoneLatencyAsync(2_000),
            "pgbench, 1 client",
            () => bench.LoneLatencyAsync(duration),
            "≤ 2"
        );
        await NaiveAsync(ledger);
        await SqliteAsync();
        await BulkAsync(ledger);
        await CompareAsync(
            "doubleEntryRandom",
            "spends/s, 64 callers",
            () => ledger.SpendAtRandomAsync(64, duration),
            "PL/pgSQL transfer, 64 clients",
            () => bench.TransferAtRandomAsync(64, duration),
            "reported"
        );
        await CompareAsync(
            "doubleEntryHouse",
            "spends/s on one account, 64 callers",
            () => ledger.SpendOnOneAsync(64, duration),
            "PL/pgSQL transfer to one house account, 64 clients",
            () => bench.TransferToTheHouseAsync(64, duration),
            "≥ 5"
        );
        await CompareAsync(
            "pairs",
            "reserve + commit pairs/s, 1,024 callers",
            () => ledger.ReserveAndCommitAsync(1024, duration),
            "spends/s, 1,024 callers",
            () => ledger.SpendAtRandomAsync(1024, duration),
            "≥ 0.4"
        );
        await AllocationsAsync(ledger);
    }

    public async Task GrowthAsync()
    {
        await using var small = await StartPostgresLedgerAsync(await NewDatabaseAsync(), LedgerLoad.Accounts);
        var big = await NewDatabaseAsync();
        await using var grown = await StartPostgresLedgerAsync(big, LedgerLoad.Accounts);
        await GrowAsync(big);
        await CompareAsync(
            "growth",
            "spends/s with 10 M log rows and 1 M accounts",
            () => grown.SpendAtRandomAsync(1024, duration),
            "with 100 k log rows and 10 k accounts",
            () => small.SpendAtRandomAsync(1024, duration),
            "≥ 0.75"
        );
    }

    public async Task HttpAsync()
    {
        await using var http = await HttpLoad.StartAsync();
        await CompareAsync(
            "http",
            "requests/s with RequireCredits",
            () => http.RateAsync("/paid", duration),
            "the same endpoint bare",
            () => http.RateAsync("/bare", duration),
            "≥ 0.7"
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task NaiveAsync(LedgerLoad ledger)
    {
        // With Npgsql's own number of connections, as in an app.
        var options = new NpgsqlConnectionStringBuilder(await NewDatabaseAsync());
        options.Remove("Maximum Pool Size");
        var services = new ServiceCollection();
        services.AddDbContext<NaiveContext>(o => o.UseNpgsql(options.ConnectionString));
        await using var provider = services.BuildServiceProvider();
        await using (var scope = provider.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<NaiveContext>();
            await context.Database.EnsureCreatedAsync();
            await context.Database.ExecuteSqlRawAsync(
                """INSERT INTO naive_accounts ("Id", "Balance", "Version") SELECT 'user' || lpad(i::text, 7, '0'), 1000000000, 0 FROM generate_series(1, 10000) i"""
            );
        }

        var scopes = provider.GetRequiredService<IServiceScopeFactory>();
        await CompareAsync(
            "naive64",
            "spends/s, 64 callers",
            () => ledger.SpendAtRandomAsync(64, duration),
            "EF Core as people write it, 64 callers",
            () => SpendAsync(duration),
            "≥ 30",
            warmUp: async () =>
            {
                // EF Core is much code: for its first 30,000 spends or so, most of what is measured is the compiler's own work.
                await SpendAsync(NaiveWarmUp);
                await ledger.SpendAtRandomAsync(64, duration);
            }
        );

        Task<double> SpendAsync(TimeSpan time) =>
            Turns.RateAsync(
                64,
                time,
                (_, _) => NaiveStore.SpendAsync(scopes, $"user{Random.Shared.Next(1, 10_001):D7}")
            );
    }

    private async Task SqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("payperuse-bench");
        try
        {
            using var yard = new SqliteYard(Path.Combine(folder.FullName, "yard.db"));
            var file = Path.Combine(folder.FullName, "ledger.db");
            await using var ledger = new LedgerLoad(s =>
                s.AddDbContextFactory<PayPerUseDbContext>(o => o.UseSqlite("Data Source=" + file))
            );
            await ledger.CreateAsync();
            await ledger.GrantAllAsync();
            await CompareAsync(
                "sqlite1024",
                "spends/s on SQLite, 1,024 callers",
                () => ledger.SpendAtRandomAsync(1024, duration),
                "Microsoft.Data.Sqlite, one transaction a spend",
                () => Task.Run(() => yard.Spend(duration)),
                "≥ 5"
            );
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private async Task BulkAsync(LedgerLoad ledger)
    {
        await using var source = NpgsqlDataSource.Create(await NewDatabaseAsync());
        await using (
            var create = source.CreateCommand(
                """
                CREATE TABLE bulk_log (account text COLLATE "C" NOT NULL, sequence bigint NOT NULL, operation_id text NOT NULL,
                    attempt uuid NOT NULL, kind int NOT NULL, action text NOT NULL, credits bigint NOT NULL,
                    balance bigint NOT NULL, target text, grants text NOT NULL, at bigint NOT NULL, PRIMARY KEY (account, sequence));
                CREATE UNIQUE INDEX ON bulk_log (account, operation_id);
                """
            )
        )
        {
            await create.ExecuteNonQueryAsync();
        }

        var turn = 0;
        await CompareAsync(
            "bulk",
            "spends/s, 1,024 callers",
            () => ledger.SpendAtRandomAsync(1024, duration),
            "the same log rows from generate_series",
            async () =>
            {
                const int Rows = 200_000;
                await using var insert = source.CreateCommand(
                    """
                    INSERT INTO bulk_log SELECT 'user' || lpad((i % 10000)::text, 7, '0') || '/credits', $1 + i,
                        'http:' || md5(($1 + i)::text) || i, gen_random_uuid(), 2, 'letter', -1, 1000000000 - i, NULL,
                        '[{"GrantId":"start","Credits":-1}]', 1700000000000 + i FROM generate_series(1, $2) i
                    """
                );
                insert.Parameters.Add(new() { Value = (long)turn++ * Rows });
                insert.Parameters.Add(new() { Value = Rows });
                var watch = System.Diagnostics.Stopwatch.StartNew();
                await insert.ExecuteNonQueryAsync();
                return Rows / watch.Elapsed.TotalSeconds;
            },
            "reported, ≥ 0.4"
        );
    }

    private async Task AllocationsAsync(LedgerLoad ledger)
    {
        const int Spends = 50_000;
        await Task.WhenAll(Enumerable.Range(0, 1024).Select(i => ledger.SpendAsync(i)));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Spends),
            new ParallelOptions { MaxDegreeOfParallelism = 1024 },
            async (i, _) => await ledger.SpendAsync(i % LedgerLoad.Accounts)
        );
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Spends;
        report.Note("bytes allocated a spend", bytes.ToString("N0", CultureInfo.InvariantCulture));
        report.Note(
            "resident memory at the end, MiB",
            (Environment.WorkingSet >> 20).ToString("N0", CultureInfo.InvariantCulture)
        );
    }

    private async Task CompareAsync(
        string id,
        string ours,
        Func<Task<double>> a,
        string theirs,
        Func<Task<double>> b,
        string target,
        Func<Task>? warmUp = null
    )
    {
        if (only.Count > 0 && !only.Contains(id))
        {
            return;
        }

        await (warmUp?.Invoke() ?? Task.CompletedTask);
        Console.WriteLine($"{id}: {ours} | {theirs}");
        var (left, right) = await Turns.TakeAsync(id, rounds, a, b);
        report.Add(id, ours, left, theirs, right, left / right, target);
    }

    private async Task<string> NewDatabaseAsync()
    {
        _server ??= await PostgresServer.SharedAsync();
        return await _server.CreateDatabaseAsync();
    }

    private static async Task<LedgerLoad> StartPostgresLedgerAsync(string connectionString, int accounts)
    {
        var ledger = new LedgerLoad(
            s => s.AddDbContextFactory<PayPerUseDbContext>(o => o.UseNpgsql(connectionString)),
            accounts
        );
        await ledger.CreateAsync();
        await ledger.GrantAllAsync();
        return ledger;
    }

    /// <summary>Fills a ledger's tables to 1 M accounts and 10 M log rows, as if they had been spent.</summary>
    private static async Task GrowAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var grow = source.CreateCommand(GrowthSql.Text);
        grow.CommandTimeout = 1800;
        await grow.ExecuteNonQueryAsync();
    }
}
