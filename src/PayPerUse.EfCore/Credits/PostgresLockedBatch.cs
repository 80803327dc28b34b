using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// A batch in two round trips, whatever its size. The first locks the accounts in order and then, in later statements, reads what
/// belongs to them: read together with the lock it could be older than the lock. The second writes and commits.
/// </summary>
internal sealed class PostgresLockedBatch(
    PostgresCreditSql sql,
    PostgresSaveSql saveSql,
    PostgresSession session,
    CreditBatch batch
)
{
    private static readonly PostgresStatement Begin = new(PostgresCreditSql.Begin);
    private static readonly PostgresStatement Commit = new(PostgresCreditSql.Commit);
    private static readonly PostgresStatement Rollback = new(PostgresCreditSql.Rollback);

    private LoadedCreditAccount[] _loaded = [];
    private CreditBatchChanges? _applied;

    /// <summary>Whether the commit may have reached the server.</summary>
    public bool IsCommitSent { get; private set; }

    /// <summary>Applies the batch and returns its results.</summary>
    public async Task<ImmutableArray<CreditResult>> ApplyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await AddMissingAccountsAsync(cancellationToken).ConfigureAwait(false);
        _loaded = await LoadAsync(now, cancellationToken).ConfigureAwait(false);
        _applied = batch.Apply(_loaded, now);
        if (_applied.Accounts.IsEmpty)
        {
            await session.ExecuteAsync([Rollback], cancellationToken).ConfigureAwait(false);
            return _applied.Results;
        }

        IsCommitSent = true;
        await session
            .ExecuteAsync(
                [PostgresChanges.ToStatement(_applied.Accounts, saveSql, refusesKnownIds: false), Commit],
                cancellationToken
            )
            .ConfigureAwait(false);
        return _applied.Results;
    }

    /// <summary>Keeps what was read and saved for the next time.</summary>
    public void PutInto(PostgresRecentAccounts recent, DateTimeOffset now, int epoch)
    {
        var after = _applied!.Accounts.ToDictionary(c => c.After.Id, c => c.After);
        foreach (var loaded in _loaded)
        {
            var account = after.GetValueOrDefault(loaded.Account.Id, loaded.Account);
            recent.Put(new SeenCreditAccount(account, FindMissingDue(loaded.Account)), now, epoch);
        }
    }

    /// <summary>A first grant makes its account's row, in a transaction of its own, so that there is a row to lock.</summary>
    private async Task AddMissingAccountsAsync(CancellationToken cancellationToken)
    {
        var granted = batch
            .Commands.Where(c => c.Kind == CreditCommandKind.Grant && c.Validate() is null)
            .Select(c => c.Account.Value)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (granted.Length > 0)
        {
            await session
                .ExecuteAsync([new PostgresStatement(sql.AddMissingAccounts, [granted])], cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private async Task<LoadedCreditAccount[]> LoadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accounts = batch.Accounts.Select(a => a.Value).ToArray();

        // A malformed command is refused unread: its text may be more than a database can take.
        var names = batch.Commands.Where(c => c.Kind != CreditCommandKind.Settle && c.Validate() is null).ToArray();
        var nameAccounts = Array.ConvertAll(names, static c => c.Account.Value);
        var nameIds = Array.ConvertAll(names, static c => c.Id);
        var grantNames = names
            .Where(c => c.Kind is CreditCommandKind.Grant or CreditCommandKind.Revoke or CreditCommandKind.Restore)
            .Select(c => (Account: c.Account.Value, Id: c.GrantId ?? c.Id))
            .Distinct()
            .ToArray();

        var rows = new List<CreditAccountRow>(accounts.Length);
        var grants = new List<CreditGrantRow>(accounts.Length);
        var reservations = new List<CreditReservationRow>();
        var known = new List<CreditEntryRow>();
        await session
            .ExecuteAsync(
                [
                    Begin,
                    new(sql.LockAccounts, [accounts]) { Read = r => rows.Add(DbValues.ReadAccount(r)) },
                    new(
                        sql.ReadGrants,
                        accounts,
                        Array.ConvertAll(grantNames, static g => g.Account),
                        Array.ConvertAll(grantNames, static g => g.Id)
                    )
                    {
                        Read = r => grants.Add(DbValues.ReadGrant(r)),
                    },
                    new(sql.ReadReservations, accounts, nameAccounts, nameIds, now.ToUnixTimeMilliseconds())
                    {
                        Read = r => reservations.Add(DbValues.ReadReservation(r)),
                    },
                    new(sql.ReadKnown, nameAccounts, nameIds) { Read = r => known.Add(DbValues.ReadEntry(r)) },
                ],
                cancellationToken
            )
            .ConfigureAwait(false);

        var grantsOf = grants.ToLookup(g => g.Account, StringComparer.Ordinal);
        var reservationsOf = reservations.ToLookup(r => r.Account, StringComparer.Ordinal);
        var knownOf = known.ToLookup(k => k.Account, StringComparer.Ordinal);
        return
        [
            .. rows.Select(row => new LoadedCreditAccount(
                row.ToAccount(grantsOf[row.Account], reservationsOf[row.Account]),
                [.. knownOf[row.Account].Select(k => k.ToEntry())]
            )),
        ];
    }

    // The open reservations that fall due first were read; when that many were, others may be open that fall due later.
    private static DateTimeOffset FindMissingDue(CreditAccount account)
    {
        if (account.Reservations.Count < PostgresCreditSql.MaxOpen)
        {
            return DateTimeOffset.MaxValue;
        }

        var deadlines = account
            .Reservations.Values.Where(r => r.State == ReservationState.Open)
            .Select(r => r.Deadline)
            .Order()
            .ToArray();
        return deadlines.Length < PostgresCreditSql.MaxOpen
            ? DateTimeOffset.MaxValue
            : deadlines[PostgresCreditSql.MaxOpen - 1];
    }
}
