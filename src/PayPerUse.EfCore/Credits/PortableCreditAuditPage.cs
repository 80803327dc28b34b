using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// A page without a snapshot. An account's version is read before and after the rest; when it moved, the account is read again.
/// Its log is never edited, so the entries up to where it then ended belong to the same moment whenever they are read, unless
/// retention deletes the oldest before they are: then the account is read anew.
/// </summary>
internal sealed class PortableCreditAuditPage : ICreditAuditPage
{
    private const short Open = (short)ReservationState.Open;
    private const int MaxTries = 100;
    private const int Piece = 1000;

    private readonly ContextLease _lease;
    private readonly List<(string Account, long Folded, long End)> _logs = [];

    private PortableCreditAuditPage(ContextLease lease) => _lease = lease;

    public ImmutableArray<CreditAuditAccount> Accounts { get; private set; } = [];

    public string? Next { get; private set; }

    private DbContext Context => _lease.Context;

    /// <summary>Opens a page; on failure the lease stays the caller's.</summary>
    public static async Task<ICreditAuditPage> OpenAsync(
        ContextLease lease,
        string? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var page = new PortableCreditAuditPage(lease);
        await page.ReadAsync(after ?? "", limit, cancellationToken).ConfigureAwait(false);
        return page;
    }

    public async IAsyncEnumerable<CreditAuditLine> ReadLogAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var log in _logs)
        {
            var (account, folded, end) = log;
            var read = long.MinValue;
            while (true)
            {
                var piece = await ReadPieceAsync(account, read, end, cancellationToken).ConfigureAwait(false);
                var foldedNow = await ReadFoldedAsync(account, cancellationToken).ConfigureAwait(false);
                if (foldedNow > folded && foldedNow > read)
                {
                    var rows = new CreditAuditRows();
                    (_, folded, end) = await ReadAccountAsync(rows, account, cancellationToken).ConfigureAwait(false);
                    var anew = rows.ToAccounts().SingleOrDefault() ?? new CreditAuditAccount(account);
                    yield return new CreditAuditLine(account, 0, null) { Anew = anew };
                    read = long.MinValue;
                    continue;
                }

                foreach (var row in piece)
                {
                    yield return CreditAuditRows.ToLine(row);
                    read = row.Sequence;
                }

                if (piece.Count < Piece)
                {
                    break;
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _lease.DisposeAsync();

    private async Task<List<CreditEntryRow>> ReadPieceAsync(
        string account,
        long after,
        long end,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await Context
                .Set<CreditEntryRow>()
                .AsNoTracking()
                .Where(e => e.Account == account && e.Sequence > after && e.Sequence <= end)
                .OrderBy(e => e.Sequence)
                .Take(Piece)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: false);
        }
    }

#pragma warning disable CA1309 // Translated to the database's own comparison.
    private async Task ReadAsync(string after, int limit, CancellationToken cancellationToken)
    {
        var names = await Context
            .Set<CreditAccountRow>()
            .Where(a => string.Compare(a.Account, after) > 0)
            .OrderBy(a => a.Account)
            .Take(limit)
            .Select(a => a.Account)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var last = names.Count == limit ? names[^1] : null;
        names = await FindAllAsync(after, last, limit, cancellationToken).ConfigureAwait(false);
        Next = names.Count == limit ? names[^1] : null;
        var rows = new CreditAuditRows();
        foreach (var name in names)
        {
            _logs.Add(await ReadAccountAsync(rows, name, cancellationToken).ConfigureAwait(false));
            if (rows.Held >= CreditAuditPages.MostHeld(limit))
            {
                Next = name;
                break;
            }
        }

        Accounts = rows.ToAccounts();
    }

    /// <summary>The accounts that have anything, with a row or without; no more than a page.</summary>
    private Task<List<string>> FindAllAsync(string after, string? last, int limit, CancellationToken cancellationToken)
    {
        var kept = Context
            .Set<CreditAccountRow>()
            .Select(a => a.Account)
            .Union(Context.Set<CreditGrantRow>().Select(g => g.Account))
            .Union(Context.Set<CreditReservationRow>().Where(r => r.State == Open).Select(r => r.Account))
            .Union(Context.Set<CreditEntryRow>().Select(e => e.Account))
            .Union(Context.Set<CreditCheckpointRow>().Select(c => c.Account))
            .Union(Context.Set<CreditKnownIdRow>().Select(k => k.Account))
            .Where(a => string.Compare(a, after) > 0);
        return (last is null ? kept : kept.Where(a => string.Compare(a, last) <= 0))
            .OrderBy(a => a)
            .Take(limit)
            .ToListAsync(cancellationToken);
    }

#pragma warning restore CA1309

    /// <summary>Reads an account as of one moment and tells where its log began and ended then.</summary>
    private async Task<(string Account, long Folded, long End)> ReadAccountAsync(
        CreditAuditRows rows,
        string name,
        CancellationToken cancellationToken
    )
    {
        for (var tries = 1; ; tries++)
        {
            var row = await ReadRowAsync(name, cancellationToken).ConfigureAwait(false);
            var grants = await Context
                .Set<CreditGrantRow>()
                .AsNoTracking()
                .Where(g => g.Account == name)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            var reservations = await Context
                .Set<CreditReservationRow>()
                .AsNoTracking()
                .Where(r => r.Account == name && r.State == Open)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            var end = await Context
                .Set<CreditEntryRow>()
                .Where(e => e.Account == name)
                .MaxAsync(e => (long?)e.Sequence, cancellationToken)
                .ConfigureAwait(false);
            var checkpoint = await Context
                .Set<CreditCheckpointRow>()
                .AsNoTracking()
                .SingleOrDefaultAsync(c => c.Account == name, cancellationToken)
                .ConfigureAwait(false);
            var known = await Context
                .Set<CreditKnownIdRow>()
                .AsNoTracking()
                .Where(k => k.Account == name)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            var again = await ReadRowAsync(name, cancellationToken).ConfigureAwait(false);
            var isSteady = row?.Version == again?.Version;
            if (!isSteady && tries < MaxTries)
            {
                continue;
            }

            if (!isSteady)
            {
                throw new CreditStoreException(
                    $"{name} changed each of the {MaxTries} times it was read; verify it when it is quieter.",
                    isTransient: true,
                    CreditOperationOutcome.NotApplied
                );
            }

            if (row is not null)
            {
                rows.Add(row);
            }

            grants.ForEach(rows.Add);
            if (checkpoint is not null)
            {
                rows.Add(checkpoint);
            }

            reservations.ForEach(rows.Add);
            known.ForEach(rows.Add);
            await AddRepeatedIdsAsync(rows, name, end ?? 0, cancellationToken).ConfigureAwait(false);
            return (name, checkpoint?.Sequence ?? 0, end ?? 0);
        }
    }

    private async Task<long> ReadFoldedAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Context
                .Set<CreditCheckpointRow>()
                .Where(c => c.Account == name)
                .Select(c => c.Sequence)
                .FirstOrDefaultAsync(cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: false);
        }
    }

    private Task<CreditAccountRow?> ReadRowAsync(string name, CancellationToken cancellationToken) =>
        Context.Set<CreditAccountRow>().AsNoTracking().SingleOrDefaultAsync(a => a.Account == name, cancellationToken);

    private async Task AddRepeatedIdsAsync(
        CreditAuditRows rows,
        string name,
        long end,
        CancellationToken cancellationToken
    )
    {
        var ids = await Context
            .Set<CreditEntryRow>()
            .Where(e => e.Account == name && e.Sequence <= end)
            .Where(CreditColumns.IsKey)
            .GroupBy(e => e.OperationId)
            .Where(g => g.Count() > 1)
            .Select(g => g.Key)
            .OrderBy(id => id)
            .Take(CreditAuditPages.MaxRepeatedIds)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        ids.ForEach(id => rows.AddRepeatedId(name, id));
    }
}
