using Microsoft.Extensions.Options;
using Npgsql;
using PayPerUse.Crash;
using PayPerUse.Credits;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>A database that hosts under load share and die over, and what must hold of it afterwards.</summary>
/// <param name="database">What the host calls the database.</param>
/// <param name="connection">Its connection string.</param>
/// <param name="open">Opens it for looking.</param>
/// <param name="accounts">How many accounts the hosts share; the first is hot.</param>
public sealed class CrashScene(string database, string connection, Func<EfHost> open, int accounts = 6)
{
    private const string HostName = "crash-host";

    private readonly AccountId[] _accounts = CrashLine.Accounts(accounts);
    private readonly Dictionary<AccountId, long> _seen = [];
    private readonly Dictionary<(AccountId Account, CreditCommandKind Kind), long> _sent = [];
    private int _rounds;
    private (int Sent, int Acknowledged, int Found, int Retried) _all;

    /// <summary>How many hosts a test kills.</summary>
    public static int Kills => LongRun.IsOn ? 50 : 10;

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await using var host = await open().CreateTablesAsync();
        await using var ledger = LedgerOver(host);
        await Task.WhenAll(
            _accounts.Select(a => ledger.GrantAsync(a, "g", CreditCommand.MaxCredits, "five", null, cancellationToken))
        );
        foreach (var account in _accounts)
        {
            _seen[account] = 1;
        }
    }

    public CrashHost StartHost() =>
        CrashHost.Start(
            database,
            database == "postgres" ? connection + ";Application Name=" + HostName : connection,
            "r" + _rounds++,
            _accounts.Length
        );

    /// <summary>
    /// What was acknowledged is in the log once, nothing is there that was not sent, what was not acknowledged can be sent again
    /// and is then there once, the totals are exact and every account is right.
    /// </summary>
    public async Task CheckAsync(IReadOnlyCollection<CrashHost> hosts, CancellationToken cancellationToken)
    {
        await UntilHostsAreGoneAsync(cancellationToken);
        await using var host = open();
        await using var ledger = LedgerOver(host);
        var before = await ReadNewAsync(ledger, cancellationToken);
        var sent = hosts.SelectMany(h => h.Sent).ToArray();
        Assert.Equal(sent.Length, sent.Concat(before.Keys).Distinct(new SameCommand()).Count());
        Assert.All(before, entry => Assert.True(entry.Value == 1, $"{entry.Key} is in the log {entry.Value} times."));
        Assert.All(
            hosts,
            h => Assert.All(h.Sent.Where(h.IsAcknowledged), s => Assert.True(before.ContainsKey(s), $"{s} is lost."))
        );

        var unheard = hosts.SelectMany(h => h.Sent.Where(s => !h.IsAcknowledged(s))).ToArray();
        foreach (var line in unheard)
        {
            await SendAgainAsync(ledger, line, before.ContainsKey(line), cancellationToken);
        }

        var after = await ReadNewAsync(ledger, cancellationToken);
        Assert.Equal(sent.Length, after.Count);
        Assert.All(after, entry => Assert.True(entry.Value == 1, $"{entry.Key} was applied {entry.Value} times."));
        foreach (var line in sent)
        {
            _sent[(line.Account, line.Kind)] = _sent.GetValueOrDefault((line.Account, line.Kind)) + 1;
        }

        foreach (var account in _accounts)
        {
            _seen[account] = (await ledger.ReadHistoryAsync(account, null, 1, cancellationToken))[0].Sequence;
            await CheckTotalAsync(ledger, account, cancellationToken);
        }

        await foreach (var verdict in ledger.VerifyAsync(cancellationToken))
        {
            Assert.True(verdict.IsClean, verdict.ToString());
        }

        Count(sent.Length, unheard, before);
    }

    private void Count(int sent, CrashLine[] unheard, Dictionary<CrashLine, int> found)
    {
        _all.Sent += sent;
        _all.Acknowledged += sent - unheard.Length;
        _all.Found += unheard.Count(found.ContainsKey);
        _all.Retried += unheard.Length;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_rounds} hosts so far: {_all.Sent} commands sent, {_all.Acknowledged} acknowledged and found once each, "
                + $"{_all.Retried} unacknowledged and sent again, of which {_all.Found} had been saved"
        );
    }

    /// <summary>How many deadlocks the server itself has counted, whoever heard of them.</summary>
    public async Task<long> CountDeadlocksAsync(CancellationToken cancellationToken)
    {
        await using var own = new NpgsqlConnection(connection + ";Pooling=false");
        await own.OpenAsync(cancellationToken);
        await using var command = own.CreateCommand();
        command.CommandText = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A server that got a whole batch saves it, also when its host has died meanwhile; until then the log is not final.</summary>
    private async Task UntilHostsAreGoneAsync(CancellationToken cancellationToken)
    {
        if (database != "postgres")
        {
            return;
        }

        await using var own = new NpgsqlConnection(connection + ";Pooling=false");
        await own.OpenAsync(cancellationToken);
        await using var command = own.CreateCommand();
        command.CommandText =
            $"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{HostName}'";
        await foreach (var _ in Patience.TriesAsync("The end of the hosts' sessions", cancellationToken))
        {
            if (await command.ExecuteScalarAsync(cancellationToken) is 0L)
            {
                return;
            }
        }
    }

    /// <summary>By now every command that was ever sent has been applied once: a spend takes 1, a reserve 2, a commit returns 1.</summary>
    private async Task CheckTotalAsync(CreditLedger ledger, AccountId account, CancellationToken cancellationToken)
    {
        var spends = _sent.GetValueOrDefault((account, CreditCommandKind.Spend));
        var reserves = _sent.GetValueOrDefault((account, CreditCommandKind.Reserve));
        var commits = _sent.GetValueOrDefault((account, CreditCommandKind.Commit));
        var read = await ledger.ReadBalanceAsync(account, cancellationToken);
        Assert.Equal(
            (account, CreditCommand.MaxCredits - spends - (2 * reserves) + commits, 2 * (reserves - commits)),
            (account, read.Balance, read.Reserved)
        );
    }

    private static async Task SendAgainAsync(
        CreditLedger ledger,
        CrashLine line,
        bool wasApplied,
        CancellationToken cancellationToken
    )
    {
        // The same caller hears Applied whichever try did it; another hears whether it was the first.
        var isOther = line.Kind == CreditCommandKind.Spend && Random.Shared.Next(2) == 0;
        var command = isOther ? line.Command with { Attempt = Guid.NewGuid() } : line.Command;
        var result = await ledger.SubmitAsync(command, cancellationToken);
        Assert.Equal(isOther && wasApplied ? CreditStatus.Replayed : CreditStatus.Applied, result.Status);
    }

    /// <summary>What the log has since the last check, as the lines that would have sent it, and how often.</summary>
    private async Task<Dictionary<CrashLine, int>> ReadNewAsync(
        CreditLedger ledger,
        CancellationToken cancellationToken
    )
    {
        var entries = new Dictionary<CrashLine, int>(new SameCommand());
        foreach (var account in _accounts)
        {
            long? before = null;
            while (before is null || before > _seen[account] + 1)
            {
                var page = await ledger.ReadHistoryAsync(account, before, 1000, cancellationToken);
                foreach (var entry in page.Where(e => e.Sequence > _seen[account]))
                {
                    var kind = Enum.Parse<CreditCommandKind>(entry.Kind.ToString());
                    var line = new CrashLine(CrashNews.Sent, kind, account, entry.OperationId, entry.Attempt, "-");
                    entries[line] = entries.GetValueOrDefault(line) + 1;
                }

                before = page[^1].Sequence;
            }
        }

        return entries;
    }

    private static CreditLedger LedgerOver(EfHost host) => new(host.Credits, Options.Create(new PayPerUseOptions()));

    /// <summary>An id and its kind; another attempt of the same is the same.</summary>
    private sealed class SameCommand : IEqualityComparer<CrashLine>
    {
        public bool Equals(CrashLine? x, CrashLine? y) => (x?.Account, x?.Id, x?.Kind) == (y?.Account, y?.Id, y?.Kind);

        public int GetHashCode(CrashLine obj) => HashCode.Combine(obj.Account, obj.Id, obj.Kind);
    }
}
