using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>Keeps credits in the app's database; each kind of database writes in its own way, and all read alike.</summary>
internal sealed class EfCreditStore(IContextSource contexts, TimeProvider clock, bool isPortable = false)
    : ICreditStore,
        ICreditVersions,
        IDueCredits,
        ICreditAudit,
        ICreditRetention,
        ICreditMerger,
        IAsyncDisposable
{
    private const short Open = (short)ReservationState.Open;

    private readonly Lock _gate = new();
    private ICreditWriter? _writer;
    private bool _isDisposed;

    public async Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await NoAmbientTransaction
                .RunAsync(() => Writer().ApplyAsync(batch, cancellationToken))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            // The writers name their own failures; what is left came before there was a connection.
            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: false);
        }
    }

    public async Task<CreditBalance> ReadBalanceAsync(
        AccountId account,
        CreditPolicy policy,
        CancellationToken cancellationToken
    )
    {
        var value = account.Value;
        var now = clock.GetUtcNowInMilliseconds();
        var time = now.ToUnixTimeMilliseconds();

        // One statement is one snapshot: balance, grants and reservations belong together. Of those only what is due is read, since
        // a busy account has many open, and one statement gives a row for each of them with each grant.
        var row = await ReadAsync(context =>
                context
                    .Set<CreditAccountRow>()
                    .AsNoTracking()
                    .AsSingleQuery()
                    .Where(a => a.Account == value)
                    .Select(a => new
                    {
                        Account = a,
                        Grants = context.Set<CreditGrantRow>().Where(g => g.Account == a.Account && g.IsLive).ToList(),
                        Due = context
                            .Set<CreditReservationRow>()
                            .Where(r => r.Account == a.Account && r.State == Open && r.Deadline <= time)
                            .ToList(),
                        NextLapse = context
                            .Set<CreditReservationRow>()
                            .Where(r => r.Account == a.Account && r.State == Open && r.Deadline > time)
                            .Min(r => (long?)r.Deadline),
                    })
                    .FirstOrDefaultAsync(cancellationToken)
            )
            .ConfigureAwait(false);
        if (row is null)
        {
            return CreditBalance.Of(CreditAccount.Empty(account), now, policy);
        }

        var balance = CreditBalance.Of(row.Account.ToAccount(row.Grants, row.Due), now, policy);
        return row.NextLapse is { } lapse && !(balance.NextDue?.ToUnixTimeMilliseconds() <= lapse)
            ? balance with
            {
                NextDue = DateTimeOffset.FromUnixTimeMilliseconds(lapse),
            }
            : balance;
    }

    public async Task<ImmutableArray<CreditEntry>> ReadHistoryAsync(
        AccountId account,
        long? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var value = account.Value;
        var end = before ?? long.MaxValue;
        var rows = await ReadAsync(context =>
                context
                    .Set<CreditEntryRow>()
                    .AsNoTracking()
                    .Where(e => e.Account == value && e.Sequence < end)
                    .OrderByDescending(e => e.Sequence)
                    .Take(limit)
                    .ToListAsync(cancellationToken)
            )
            .ConfigureAwait(false);
        return [.. rows.Select(r => r.ToEntry())];
    }

    public async Task<IReadOnlyDictionary<AccountId, long>> ReadVersionsAsync(
        IReadOnlyCollection<AccountId> accounts,
        CancellationToken cancellationToken
    )
    {
        var values = accounts.Select(a => a.Value).ToArray();
        var rows = await ReadAsync(context =>
                context
                    .Set<CreditAccountRow>()
                    .Where(a => values.Contains(a.Account))
                    .Select(a => new { a.Account, a.Version })
                    .ToListAsync(cancellationToken)
            )
            .ConfigureAwait(false);
        return rows.ToDictionary(r => AccountId.Parse(r.Account), r => r.Version);
    }

    public async Task<ImmutableArray<AccountId>> FindDueAsync(int limit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();

        // A parameter, since SQLite looks up a comparison in an index and not a bare column.
        var isLive = true;
        var due = await ReadAsync(async context =>
            {
                var lapsed = await context
                    .Set<CreditReservationRow>()
                    .Where(r => r.State == Open && r.Deadline <= now)
                    .OrderBy(r => r.Deadline)
                    .Take(limit)
                    .Select(r => r.Account)
                    .ToListAsync(cancellationToken)
                    .ConfigureAwait(false);
                var expired = await context
                    .Set<CreditGrantRow>()
                    .Where(g => g.IsLive == isLive && g.Free > 0 && g.UsableUntil <= now)
                    .OrderBy(g => g.UsableUntil)
                    .Take(limit)
                    .Select(g => g.Account)
                    .ToListAsync(cancellationToken)
                    .ConfigureAwait(false);
                return lapsed.Concat(expired);
            })
            .ConfigureAwait(false);
        return [.. due.Distinct(StringComparer.Ordinal).Take(limit).Select(AccountId.Parse)];
    }

    public async Task<ICreditAuditPage> ReadPageAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await NoAmbientTransaction
                .RunAsync(() => CreditAuditPages.OpenAsync(contexts, isPortable, after, limit, cancellationToken))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: false);
        }
    }

    public async Task<CreditTrim> TrimAsync(CreditTrimOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return await NoAmbientTransaction
                .RunAsync(() => new CreditTrimmer(contexts, clock, order).TrimAsync(cancellationToken))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: false);
        }
    }

    public async Task<CreditMergeResult> MergeAsync(
        AccountId source,
        AccountId target,
        CreditPolicy policy,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await NoAmbientTransaction
                .RunAsync(() => new CreditMerging(contexts, clock, source, target, policy).RunAsync(cancellationToken))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            // Whether it was done is told when it is asked for again.
            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: true);
        }
    }

    public async Task<AccountId?> FindMergedIntoAsync(AccountId account, CancellationToken cancellationToken)
    {
        var value = account.Value;
        var into = await ReadAsync(context =>
                context
                    .Set<CreditAccountRow>()
                    .Where(a => a.Account == value)
                    .Select(a => a.MergedInto)
                    .SingleOrDefaultAsync(cancellationToken)
            )
            .ConfigureAwait(false);
        return into is null ? null : AccountId.Parse(into);
    }

    public async Task<ImmutableArray<AccountId>> FindMergedAsync(
        IReadOnlyCollection<AccountId> accounts,
        int limit,
        CancellationToken cancellationToken
    )
    {
        string?[] values = [.. accounts.Select(a => a.Value)];
        var merged = await ReadAsync(context =>
                context
                    .Set<CreditAccountRow>()
                    .Where(a => values.Contains(a.MergedInto))
                    .OrderBy(a => a.Account)
                    .Select(a => a.Account)
                    .Take(limit)
                    .ToListAsync(cancellationToken)
            )
            .ConfigureAwait(false);
        return [.. merged.Select(AccountId.Parse)];
    }

    /// <summary>Safe to call again: the container does, once for each interface.</summary>
    public ValueTask DisposeAsync()
    {
        ICreditWriter? writer;
        lock (_gate)
        {
            _isDisposed = true;
            (writer, _writer) = (_writer, null);
        }

        return writer?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private ICreditWriter Writer()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                throw new CreditStoreException("The host is stopping.", true, CreditOperationOutcome.NotApplied);
            }

            if (_writer is null)
            {
                var lease = contexts.Lease();
                try
                {
                    var tables = CreditTables.Of(lease.Context);
                    _writer = (isPortable ? null : lease.Context.Database.ProviderName) switch
                    {
                        DatabaseKind.PostgreSql => new PostgresCreditWriter(contexts, tables, clock),
                        DatabaseKind.Sqlite => new SqliteCreditWriter(contexts, tables, clock),
                        _ => new PortableCreditWriter(contexts, clock),
                    };
                }
                finally
                {
                    lease.DisposeAsync().AsTask().GetAwaiter().GetResult();
                }
            }

            return _writer;
        }
    }

    private async Task<T> ReadAsync<T>(Func<DbContext, Task<T>> read)
    {
        try
        {
            return await NoAmbientTransaction
                .RunAsync(async () =>
                {
                    var lease = contexts.Lease();
                    await using (lease.ConfigureAwait(false))
                    {
                        return await read(lease.Context).ConfigureAwait(false);
                    }
                })
                .ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: false);
        }
    }
}
