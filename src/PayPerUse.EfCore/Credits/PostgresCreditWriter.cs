using System.Collections.Concurrent;
using System.Collections.Immutable;
using PayPerUse.Credits;
using Statement = PayPerUse.EfCore.Credits.PostgresSession.Statement;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// PostgreSQL: two round trips a batch, whatever its size. The first locks the accounts in order and then, in later statements,
/// reads what belongs to them: read together with the lock it could be older than the lock. The second writes and commits.
/// </summary>
internal sealed class PostgresCreditWriter(IContextSource contexts, CreditTables tables, TimeProvider clock)
    : ICreditWriter
{
    private readonly PostgresCreditSql _sql = new(tables);
    private readonly ConcurrentBag<PostgresSession> _idle = [];

    public async Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken)
    {
        var session = await TakeSessionAsync(cancellationToken).ConfigureAwait(false);

        var isCommitSent = false;
        try
        {
            await AddMissingAccountsAsync(session, batch, cancellationToken).ConfigureAwait(false);
            var now = clock.GetUtcNow();
            var loaded = await LoadAsync(session, batch, now, cancellationToken).ConfigureAwait(false);
            var changes = batch.Apply(loaded, now);
            isCommitSent = changes.Accounts.Length > 0;
            await SaveAsync(session, changes, cancellationToken).ConfigureAwait(false);
            _idle.Add(session);
            return [.. changes.Results.Select(CreditOutcome.Of)];
        }
        catch (Exception e)
        {
            // Closing ends the transaction, and the pool makes the connection clean again.
            await session.DisposeAsync().ConfigureAwait(false);
            if (e is OperationCanceledException)
            {
                throw;
            }

            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var session))
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<PostgresSession> TakeSessionAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryTake(out var idle))
        {
            if (idle.IsUsable)
            {
                return idle;
            }

            await idle.DisposeAsync().ConfigureAwait(false);
        }

        return await PostgresSession.OpenAsync(contexts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A first grant makes its account's row, in a transaction of its own, so that there is a row to lock.</summary>
    private async Task AddMissingAccountsAsync(
        PostgresSession session,
        CreditBatch batch,
        CancellationToken cancellationToken
    )
    {
        var granted = batch
            .Commands.Where(c => c.Kind == CreditCommandKind.Grant && c.Validate() is null)
            .Select(c => c.Account.Value)
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        if (granted.Length > 0)
        {
            await session
                .ExecuteAsync([new Statement(_sql.AddMissingAccounts, [granted])], isPrepared: true, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private async Task<IEnumerable<LoadedCreditAccount>> LoadAsync(
        PostgresSession session,
        CreditBatch batch,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var accounts = batch.Accounts.Select(a => a.Value).ToArray();

        // A malformed command is refused unread: its text may be more than a database can take.
        var names = batch.Commands.Where(c => c.Kind != CreditCommandKind.Settle && c.Validate() is null).ToArray();
        var nameAccounts = Array.ConvertAll(names, c => c.Account.Value);
        var nameIds = Array.ConvertAll(names, c => c.Id);
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
                    new Statement(PostgresCreditSql.Begin),
                    new Statement(_sql.LockAccounts, [accounts]) { Read = r => rows.Add(DbValues.ReadAccount(r)) },
                    new Statement(
                        _sql.ReadGrants,
                        accounts,
                        Array.ConvertAll(grantNames, g => g.Account),
                        Array.ConvertAll(grantNames, g => g.Id)
                    )
                    {
                        Read = r => grants.Add(DbValues.ReadGrant(r)),
                    },
                    new Statement(_sql.ReadReservations, accounts, nameAccounts, nameIds, now.ToUnixTimeMilliseconds())
                    {
                        Read = r => reservations.Add(DbValues.ReadReservation(r)),
                    },
                    new Statement(_sql.ReadKnown, nameAccounts, nameIds)
                    {
                        Read = r => known.Add(DbValues.ReadEntry(r)),
                    },
                ],
                isPrepared: true,
                cancellationToken
            )
            .ConfigureAwait(false);

        var grantsOf = grants.ToLookup(g => g.Account, StringComparer.Ordinal);
        var reservationsOf = reservations.ToLookup(r => r.Account, StringComparer.Ordinal);
        var knownOf = known.ToLookup(k => k.Account, StringComparer.Ordinal);
        return rows.Select(row => new LoadedCreditAccount(
            row.ToAccount(grantsOf[row.Account], reservationsOf[row.Account]),
            [.. knownOf[row.Account].Select(k => k.ToEntry())]
        ));
    }

    private async Task SaveAsync(
        PostgresSession session,
        CreditBatchChanges changes,
        CancellationToken cancellationToken
    )
    {
        var accounts = changes.Accounts;
        if (accounts.Length == 0)
        {
            await session
                .ExecuteAsync([new Statement(PostgresCreditSql.Rollback)], isPrepared: true, cancellationToken)
                .ConfigureAwait(false);
            return;
        }

        var statements = new List<Statement>(6) { UpdateAccounts(accounts) };
        AddGrants(statements, accounts);
        AddReservations(statements, accounts);
        AddLog(statements, accounts);
        statements.Add(new Statement(PostgresCreditSql.Commit));
        await session.ExecuteAsync(statements, isPrepared: true, cancellationToken).ConfigureAwait(false);
    }

    private Statement UpdateAccounts(ImmutableArray<CreditAccountChange> accounts)
    {
        var rows = accounts.Select(a => a.After.ToRow()).ToArray();
        return new Statement(
            _sql.UpdateAccounts,
            Array.ConvertAll(rows, r => r.Account),
            Array.ConvertAll(rows, r => r.Free),
            Array.ConvertAll(rows, r => r.Reserved),
            Array.ConvertAll(rows, r => r.Debt),
            Array.ConvertAll(rows, r => r.RateWindowStart),
            Array.ConvertAll(rows, r => r.RateCount),
            Array.ConvertAll(rows, r => r.LastTime),
            Array.ConvertAll(rows, r => r.Sequence),
            Array.ConvertAll(rows, r => r.Version)
        );
    }

    private void AddGrants(List<Statement> statements, ImmutableArray<CreditAccountChange> accounts)
    {
        var before = accounts.SelectMany(a => a.Before.Grants.Select(g => (a.After.Id, g.Id))).ToHashSet();
        var changed = accounts.SelectMany(a => a.Grants.Select(g => (Account: a.After.Id, Grant: g))).ToArray();
        var added = changed
            .Where(c => !before.Contains((c.Account, c.Grant.Id)))
            .Select(c => c.Grant.ToRow(c.Account))
            .ToArray();
        if (added.Length > 0)
        {
            statements.Add(
                new Statement(
                    _sql.InsertGrants,
                    Array.ConvertAll(added, g => g.Account),
                    Array.ConvertAll(added, g => g.GrantId),
                    Array.ConvertAll(added, g => g.Source),
                    Array.ConvertAll(added, g => g.Credits),
                    Array.ConvertAll(added, g => g.Free),
                    Array.ConvertAll(added, g => g.Reserved),
                    Array.ConvertAll(added, g => g.Revoked),
                    Array.ConvertAll(added, g => g.GrantedAt),
                    Array.ConvertAll(added, g => g.ExpiresAt),
                    Array.ConvertAll(added, g => g.UsableUntil),
                    Array.ConvertAll(added, g => g.IsLive)
                )
            );
        }

        var updated = changed
            .Where(c => before.Contains((c.Account, c.Grant.Id)))
            .Select(c => c.Grant.ToRow(c.Account))
            .ToArray();
        if (updated.Length > 0)
        {
            statements.Add(
                new Statement(
                    _sql.UpdateGrants,
                    Array.ConvertAll(updated, g => g.Account),
                    Array.ConvertAll(updated, g => g.GrantId),
                    Array.ConvertAll(updated, g => g.Free),
                    Array.ConvertAll(updated, g => g.Reserved),
                    Array.ConvertAll(updated, g => g.Revoked),
                    Array.ConvertAll(updated, g => g.UsableUntil),
                    Array.ConvertAll(updated, g => g.IsLive)
                )
            );
        }
    }

    private void AddReservations(List<Statement> statements, ImmutableArray<CreditAccountChange> accounts)
    {
        var rows = accounts.SelectMany(a => a.Reservations.Select(r => r.ToRow(a.After.Id))).ToArray();
        if (rows.Length == 0)
        {
            return;
        }

        statements.Add(
            new Statement(
                _sql.SaveReservations,
                Array.ConvertAll(rows, r => r.Account),
                Array.ConvertAll(rows, r => r.OperationId),
                Array.ConvertAll(rows, r => r.Attempt),
                Array.ConvertAll(rows, r => r.Action),
                Array.ConvertAll(rows, r => r.Credits),
                Array.ConvertAll(rows, r => r.Committed),
                Array.ConvertAll(rows, r => r.State),
                Array.ConvertAll(rows, r => r.ReservedAt),
                Array.ConvertAll(rows, r => r.Deadline),
                Array.ConvertAll(rows, r => r.BalanceAfter),
                Array.ConvertAll(rows, r => r.BalanceAtEnd),
                Array.ConvertAll(rows, r => r.EndedAt),
                Array.ConvertAll(rows, r => r.Burns)
            )
        );
    }

    private void AddLog(List<Statement> statements, ImmutableArray<CreditAccountChange> accounts)
    {
        var rows = accounts.SelectMany(a => a.Entries.Select(e => e.ToRow(a.After.Id))).ToArray();
        if (rows.Length == 0)
        {
            return;
        }

        statements.Add(
            new Statement(
                _sql.InsertLog,
                Array.ConvertAll(rows, e => e.Account),
                Array.ConvertAll(rows, e => e.Sequence),
                Array.ConvertAll(rows, e => e.OperationId),
                Array.ConvertAll(rows, e => e.Attempt),
                Array.ConvertAll(rows, e => e.Kind),
                Array.ConvertAll(rows, e => e.Action),
                Array.ConvertAll(rows, e => e.Credits),
                Array.ConvertAll(rows, e => e.Balance),
                Array.ConvertAll(rows, e => e.Target!),
                Array.ConvertAll(rows, e => e.Grants),
                Array.ConvertAll(rows, e => e.At)
            )
        );
    }
}
