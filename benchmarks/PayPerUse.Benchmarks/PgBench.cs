using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using PayPerUse.Testing;

namespace PayPerUse.Benchmarks;

/// <summary>PostgreSQL's own benchmark, as the yardstick: prepared statements, one durable transaction a call.</summary>
internal sealed partial class PgBench(string binFolder, string connectionString)
{
    private const string SpendAtRandom = """
        \set a random(1, 10000)
        WITH spent AS (UPDATE yard_accounts SET balance = balance - 1 WHERE id = :a AND balance >= 1 RETURNING id, balance)
        INSERT INTO yard_log (account, credits, balance) SELECT id, -1, balance FROM spent;
        """;

    private const string SpendOnOneRow = """
        WITH spent AS (UPDATE yard_accounts SET balance = balance - 1 WHERE id = 1 AND balance >= 1 RETURNING id, balance)
        INSERT INTO yard_log (account, credits, balance) SELECT id, -1, balance FROM spent;
        """;

    private const string TransferAtRandom = """
        \set a random(1, 10000)
        \set b random(1, 10000)
        SELECT yard_transfer(:a, :b, 1);
        """;

    private const string TransferToTheHouse = """
        \set a random(2, 10000)
        SELECT yard_transfer(:a, 1, 1);
        """;

    public async Task PrepareAsync()
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(
            """
            CREATE TABLE yard_accounts (id int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 70);
            CREATE TABLE yard_log (id bigserial PRIMARY KEY, account int NOT NULL, credits bigint NOT NULL, balance bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());
            CREATE INDEX ON yard_log (account, id);
            INSERT INTO yard_accounts SELECT i, 1000000000 FROM generate_series(1, 10000) i;
            CREATE TABLE yard_ledger_accounts (id int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 70);
            CREATE TABLE yard_entries (id bigserial PRIMARY KEY, account int NOT NULL, amount bigint NOT NULL, balance bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());
            CREATE INDEX ON yard_entries (account, id);
            INSERT INTO yard_ledger_accounts SELECT i, 1000000000 FROM generate_series(1, 10000) i;
            CREATE FUNCTION yard_transfer(debtor int, creditor int, amount bigint) RETURNS void LANGUAGE plpgsql AS $$
            DECLARE left_balance bigint; right_balance bigint;
            BEGIN
              PERFORM 1 FROM yard_ledger_accounts WHERE id IN (debtor, creditor) ORDER BY id FOR UPDATE;
              UPDATE yard_ledger_accounts SET balance = balance - amount WHERE id = debtor RETURNING balance INTO left_balance;
              IF left_balance < 0 THEN RAISE EXCEPTION 'insufficient'; END IF;
              UPDATE yard_ledger_accounts SET balance = balance + amount WHERE id = creditor RETURNING balance INTO right_balance;
              INSERT INTO yard_entries (account, amount, balance) VALUES (debtor, -amount, left_balance), (creditor, amount, right_balance);
            END $$;
            ANALYZE;
            """
        );
        await command.ExecuteNonQueryAsync();
    }

    public Task<double> SpendAtRandomAsync(int clients, TimeSpan duration) =>
        RunAsync(SpendAtRandom, clients, duration);

    public Task<double> SpendOnOneRowAsync(int clients, TimeSpan duration) =>
        RunAsync(SpendOnOneRow, clients, duration);

    public Task<double> TransferAtRandomAsync(int clients, TimeSpan duration) =>
        RunAsync(TransferAtRandom, clients, duration);

    public Task<double> TransferToTheHouseAsync(int clients, TimeSpan duration) =>
        RunAsync(TransferToTheHouse, clients, duration);

    /// <summary>The median latency of one client, in microseconds, from pgbench's own per-transaction log.</summary>
    public async Task<double> LoneLatencyAsync(TimeSpan duration)
    {
        var folder = Directory.CreateTempSubdirectory("pgbench");
        try
        {
            await RunAsync(SpendAtRandom, 1, duration, "-l", "--log-prefix=" + Path.Combine(folder.FullName, "lone"));
            var times = folder
                .GetFiles()
                .SelectMany(f => File.ReadLines(f.FullName))
                .Select(line => double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture))
                .ToList();
            return Turns.Median(times);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<double> RunAsync(string script, int clients, TimeSpan duration, params string[] more)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script);
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            var start = new ProcessStartInfo(FindPgBench())
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList =
                {
                    "-n",
                    "-M",
                    "prepared",
                    "-c",
                    clients.ToString(CultureInfo.InvariantCulture),
                    "-j",
                    Math.Min(clients, 2).ToString(CultureInfo.InvariantCulture),
                    "-T",
                    ((int)duration.TotalSeconds).ToString(CultureInfo.InvariantCulture),
                    "-f",
                    file,
                    "-h",
                    builder.Host!,
                    "-p",
                    builder.Port.ToString(CultureInfo.InvariantCulture),
                    "-U",
                    builder.Username!,
                },
            };
            foreach (var argument in more)
            {
                start.ArgumentList.Add(argument);
            }

            start.ArgumentList.Add(builder.Database!);
            start.Environment["PGPASSWORD"] = builder.Password ?? "";
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var rate = Rate().Match(output);
            return process.ExitCode == 0 && rate.Success
                ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException("pgbench failed: " + await errors + output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private string FindPgBench() =>
        Machine.Find("pgbench")
        ?? (File.Exists(Path.Combine(binFolder, "pgbench")) ? Path.Combine(binFolder, "pgbench") : null)
        ?? throw new InvalidOperationException(
            "There is no pgbench; it comes with PostgreSQL (Debian package postgresql)."
        );

    [GeneratedRegex(@"tps = ([0-9.]+) \(without")]
    private static partial Regex Rate();
}
