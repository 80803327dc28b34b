using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Crash;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public sealed class SqliteMergeCrashTests : MergeCrashTests, IDisposable
{
    private readonly string _file = EfHost.NewSqliteFile();

    protected override string Database => "sqlite";

    protected override string Connection => "Data Source=" + _file;

    public void Dispose() => EfHost.Delete(_file);

    protected override EfHost Open() => EfHost.OnSqlite(_file);
}

public sealed class PostgresMergeCrashTests(PostgresDatabase database)
    : MergeCrashTests,
        IClassFixture<PostgresDatabase>
{
    protected override string Database => "postgres";

    protected override string Connection => database.ConnectionString;

    protected override EfHost Open() => EfHost.OnPostgres(Connection);
}

/// <summary>Hosts that are killed in the middle of merging guests into accounts that spend.</summary>
public abstract class MergeCrashTests
{
    private const int Accounts = 3;
    private const long Begin = CreditCommand.MaxCredits;

    private readonly AccountId[] _accounts = CrashLine.Accounts(Accounts);
    private readonly List<(string Guest, string Account)> _guests = [];
    private readonly List<(string Account, string Id)> _spends = [];
    private int _served;
    private int _checkedGuests;
    private int _checkedSpends;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How the crashing host calls the database.</summary>
    protected abstract string Database { get; }

    /// <summary>Its connection string.</summary>
    protected abstract string Connection { get; }

    /// <summary>Opens the database for looking.</summary>
    protected abstract EfHost Open();

    [Fact]
    public async Task A_host_that_is_killed_while_it_merges_leaves_every_credit_in_one_account()
    {
        await using (var host = await Open().CreateTablesAsync())
        {
            var ledger = host.Services.GetRequiredService<CreditLedger>();
            foreach (var account in _accounts)
            {
                await ledger.GrantAsync(account, "g", Begin, "five", null, Token);
            }
        }

        for (var round = 0; round < CrashScene.Kills / 2; round++)
        {
            // Nobody but the host has the file open, so that what it leaves behind is recovered.
            SqliteConnection.ClearAllPools();
            await RunAndKillAsync(round);
            await CheckAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_guests.Count} guests, of which {_served} were told as served, and {_spends.Count} spends"
        );
    }

    private async Task RunAndKillAsync(int round)
    {
        using var host = HostProcess.Start(
            "merge",
            Database,
            Connection,
            round.ToString(CultureInfo.InvariantCulture),
            Accounts.ToString(CultureInfo.InvariantCulture)
        );
        for (var enough = _served + 1 + Random.Shared.Next(40); _served < enough; )
        {
            var line = await host.ReadAsync(Token);
            Assert.True(line is not null, "The host ended by itself.");
            Note(line);
        }

        await host.KillAsync(Note, Token);
    }

    /// <summary>A line that the end cut off is none.</summary>
    private void Note(string line)
    {
        switch (line.Split('|'))
        {
            case ["guest", var guest, var account, "end"]:
                _guests.Add((guest, account));
                break;
            case ["served", _, _, "end"]:
                _served++;
                break;
            case ["sent", var owner, var id, "end"]:
                _spends.Add((owner, id));
                break;
        }
    }

    /// <summary>Before anything is done again every account adds up; after it, every guest's credits came once.</summary>
    private async Task CheckAsync()
    {
        await using var host = Open();
        var ledger = host.Services.GetRequiredService<CreditLedger>();
        await VerifyAsync(ledger);
        foreach (var (guest, account) in _guests.Skip(_checkedGuests))
        {
            await MergeLoad.ServeAsync(ledger, new AccountId(guest), new AccountId(account));
        }

        await Task.WhenAll(
            _spends
                .Skip(_checkedSpends)
                .Select(s => ledger.SpendAsync(new AccountId(s.Account), s.Id, 1, "letter", Token))
        );
        (_checkedGuests, _checkedSpends) = (_guests.Count, _spends.Count);
        foreach (var account in _accounts)
        {
            var expected =
                Begin
                + (MergeLoad.CreditsAGuest * _guests.Count(g => g.Account == account.Owner))
                - _spends.Count(s => s.Account == account.Owner);
            var read = await ledger.ReadBalanceAsync(account, Token);
            Assert.Equal((account, expected), (account, read.Balance));
        }

        await VerifyAsync(ledger);
    }

    private static async Task VerifyAsync(CreditLedger ledger)
    {
        await foreach (var verdict in ledger.VerifyAsync(Token))
        {
            Assert.True(verdict.IsClean, verdict.ToString());
        }
    }
}
