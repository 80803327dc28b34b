using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Crash;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public sealed class SqliteTrimCrashTests : TrimCrashTests, IDisposable
{
    private readonly string _file = EfHost.NewSqliteFile();

    protected override string Database => "sqlite";

    protected override string Connection => "Data Source=" + _file;

    public void Dispose() => EfHost.Delete(_file);

    protected override EfHost Open(TimeProvider clock) => EfHost.OnSqlite(_file, clock);
}

public sealed class PostgresTrimCrashTests(PostgresDatabase database) : TrimCrashTests, IClassFixture<PostgresDatabase>
{
    protected override string Database => "postgres";

    protected override string Connection => database.ConnectionString;

    protected override EfHost Open(TimeProvider clock) => EfHost.OnPostgres(Connection, clock);
}

/// <summary>Hosts that are killed in the middle of trimming, while the trimmed accounts spend.</summary>
public abstract class TrimCrashTests
{
    private const int Accounts = 4;
    private const int OldSpends = 40;

    private readonly AccountId[] _accounts = CrashLine.Accounts(Accounts);
    private readonly Dictionary<string, int> _spends = [];
    private readonly List<(string Owner, string Id)> _sent = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How the crashing host calls the database.</summary>
    protected abstract string Database { get; }

    /// <summary>Its connection string.</summary>
    protected abstract string Connection { get; }

    /// <summary>Opens the database for looking.</summary>
    protected abstract EfHost Open(TimeProvider clock);

    [Fact]
    public async Task A_host_that_is_killed_while_it_trims_leaves_every_account_right()
    {
        await BeginAsync();
        var isDone = false;
        for (var round = 0; !isDone; round++)
        {
            SqliteConnection.ClearAllPools();
            isDone = await RunAndKillAsync(round);
            await CheckAsync();
        }

        await using var host = Open(TimeProvider.System);
        var ledger = host.Services.GetRequiredService<CreditLedger>();
        foreach (var account in _accounts)
        {
            var left = await ledger.ReadHistoryAsync(account, null, 10_000, Token);
            Assert.All(left, e => Assert.True(e.At >= TrimLoad.Before, $"{e.OperationId} was not trimmed."));
            Assert.Equal(CreditStatus.Replayed, (await GrantAsync(ledger, account)).Status);
        }
    }

    private static Task<CreditResult> GrantAsync(CreditLedger ledger, AccountId account) =>
        ledger.GrantAsync(account, "g", CreditCommand.MaxCredits, "five", null, Token);

    /// <summary>Accounts whose whole log is old.</summary>
    private async Task BeginAsync()
    {
        await using var host = await Open(new FakeTimeProvider(TrimLoad.Before.AddYears(-1))).CreateTablesAsync();
        var ledger = host.Services.GetRequiredService<CreditLedger>();
        foreach (var account in _accounts)
        {
            await GrantAsync(ledger, account);
            for (var i = 0; i < OldSpends; i++)
            {
                var id = "old-" + i.ToString(CultureInfo.InvariantCulture);
                Assert.Equal(CreditStatus.Applied, (await ledger.SpendAsync(account, id, 1, "letter", Token)).Status);
            }
        }
    }

    /// <summary>Until a few pieces are trimmed; then SIGKILL. Whether there was nothing left to trim.</summary>
    private async Task<bool> RunAndKillAsync(int round)
    {
        using var host = HostProcess.Start(
            "trim",
            Database,
            Connection,
            round.ToString(CultureInfo.InvariantCulture),
            Accounts.ToString(CultureInfo.InvariantCulture)
        );
        var isDone = false;
        for (var trimmed = 0; !isDone && trimmed < 1 + Random.Shared.Next(5); )
        {
            var line = await host.ReadAsync(Token);
            isDone = line is null;
            trimmed += Note(line) ? 1 : 0;
        }

        await host.KillAsync(line => Note(line), Token);
        Assert.True(!isDone || host.ExitCode == 0, $"The host ended by itself with {host.ExitCode}.");
        return isDone;
    }

    /// <summary>Whether something was trimmed. A line that the end cut off is none.</summary>
    private bool Note(string? line)
    {
        switch (line?.Split('|'))
        {
            case ["sent", var owner, var id, "end"]:
                _sent.Add((owner, id));
                return false;
            case ["spent", _, var status, "end"]:
                Assert.Equal("Applied", status);
                return false;
            case ["trimmed", var entries, var refused, "end"]:
                Assert.Equal("0", refused);
                return entries != "0";
            default:
                return false;
        }
    }

    /// <summary>What was sent is there once, or comes to be; every account adds up.</summary>
    private async Task CheckAsync()
    {
        await using var host = Open(TimeProvider.System);
        var ledger = host.Services.GetRequiredService<CreditLedger>();
        await Task.WhenAll(_sent.Select(s => ledger.SpendAsync(new AccountId(s.Owner), s.Id, 1, "letter", Token)));
        foreach (var (owner, count) in _sent.CountBy(s => s.Owner))
        {
            _spends[owner] = _spends.GetValueOrDefault(owner) + count;
        }

        _sent.Clear();
        foreach (var account in _accounts)
        {
            var spent = OldSpends + _spends.GetValueOrDefault(account.Owner);
            var read = await ledger.ReadBalanceAsync(account, Token);
            Assert.Equal((account, CreditCommand.MaxCredits - spent), (account, read.Balance));
        }

        await foreach (var verdict in ledger.VerifyAsync(Token))
        {
            Assert.True(verdict.IsClean, verdict.ToString());
        }
    }
}
