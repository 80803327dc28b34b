using System.Collections.Immutable;
using System.Data;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// Trims logs on any relational database, by LINQ. What is to be folded is read and worked out without a lock, since old entries are
/// never edited; only the writing holds the account, and fails if another trimmed it meanwhile.
/// </summary>
internal sealed class CreditTrimmer(IContextSource contexts, TimeProvider clock, CreditTrimOrder order)
{
    private const short Open = (short)ReservationState.Open;
    private const int IdsPerStatement = 500;

    private readonly long _before = CreditRowMapping.ToMilliseconds(order.Before);
    private readonly ImmutableArray<CreditVerdict>.Builder _refused = ImmutableArray.CreateBuilder<CreditVerdict>();

    public async Task<CreditTrim> TrimAsync(CancellationToken cancellationToken)
    {
        var walk = await CreditWalk
            .TryTakeAsync(contexts, order, clock.GetUtcNow(), cancellationToken)
            .ConfigureAwait(false);
        if (walk is null)
        {
            return CreditTrim.Nothing;
        }

        var accounts = await ReadPageAsync(walk.WalkedTo, cancellationToken).ConfigureAwait(false);
        var walkedTo = walk.WalkedTo;
        var looked = 0;
        long entries = 0;
        foreach (var (account, firstAt) in accounts)
        {
            var isDone = firstAt is null || firstAt >= _before;
            while (!isDone && entries < order.MaxEntries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var folded = await TrimAccountAsync(account, cancellationToken).ConfigureAwait(false);
                entries += folded;
                isDone = folded == 0;
            }

            if (!isDone)
            {
                break;
            }

            looked++;
            walkedTo = account;
        }

        var isOver = looked == accounts.Count && looked < order.MaxAccounts;
        await walk.LetGoAsync(isOver ? null : walkedTo, cancellationToken).ConfigureAwait(false);
        return new CreditTrim(looked, entries, _refused.ToImmutable());
    }

    /// <summary>The next accounts, and when the first entry of each was written: one look-up by key per account, whatever its log.</summary>
    private async Task<List<(string Account, long? FirstAt)>> ReadPageAsync(
        string after,
        CancellationToken cancellationToken
    )
    {
        var lease = contexts.Lease();
        await using (lease.ConfigureAwait(false))
        {
            var context = lease.Context;
#pragma warning disable CA1309 // Translated to the database's own comparison.
            var page = await context
                .Set<CreditAccountRow>()
                .Where(a => string.Compare(a.Account, after) > 0)
                .OrderBy(a => a.Account)
                .Take(order.MaxAccounts)
                .Select(a => new
                {
                    a.Account,
                    FirstAt = context
                        .Set<CreditEntryRow>()
                        .Where(e => e.Account == a.Account)
                        .OrderBy(e => e.Sequence)
                        .Select(e => (long?)e.At)
                        .FirstOrDefault(),
                })
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
#pragma warning restore CA1309
            return page.ConvertAll(a => (a.Account, a.FirstAt));
        }
    }

    /// <summary>One step of one account. Returns how many entries were folded: none when it is done, refused, or another was first.</summary>
    private async Task<int> TrimAccountAsync(string account, CancellationToken cancellationToken)
    {
        var lease = contexts.Lease();
        await using (lease.ConfigureAwait(false))
        {
            var context = lease.Context;
            var row = await FindCheckpointAsync(context, account, cancellationToken).ConfigureAwait(false);
            var fold = await FoldAsync(context, account, row, cancellationToken).ConfigureAwait(false);
            if (!fold.Findings.IsEmpty)
            {
                // Read without a snapshot: if another trimmed in between, what is missing is not wrong.
                var again = await FindCheckpointAsync(context, account, cancellationToken).ConfigureAwait(false);
                if (again?.Sequence == row?.Sequence)
                {
                    _refused.Add(new CreditVerdict(account, 0, fold.Findings));
                }

                return 0;
            }

            if (fold.Checkpoint is null)
            {
                return 0;
            }

            var isSaved = await context
                .Database.CreateExecutionStrategy()
                .ExecuteAsync(token => TrySaveAsync(context, account, row, fold, token), cancellationToken)
                .ConfigureAwait(false);
            return isSaved ? fold.Entries : 0;
        }
    }

    private static Task<CreditCheckpointRow?> FindCheckpointAsync(
        DbContext context,
        string account,
        CancellationToken cancellationToken
    ) =>
        context
            .Set<CreditCheckpointRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(c => c.Account == account, cancellationToken);

    private async Task<CreditFold> FoldAsync(
        DbContext context,
        string account,
        CreditCheckpointRow? row,
        CancellationToken cancellationToken
    )
    {
        var folded = row?.Sequence ?? 0;
        var known = await context
            .Set<CreditKnownIdRow>()
            .AsNoTracking()
            .Where(k => k.Account == account && k.Sequence <= folded)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var oldest = await context
            .Set<CreditEntryRow>()
            .AsNoTracking()
            .Where(e => e.Account == account && e.Sequence > folded)
            .OrderBy(e => e.Sequence)
            .Take(order.EntriesPerStep)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        CreditCheckpoint? checkpoint;
        try
        {
            checkpoint = row?.ToCheckpoint(known);
        }
        catch (Exception e) when (CreditAuditRows.IsUnreadable(e))
        {
            // Taken for missing, nothing follows it: the gap is told, and nothing is folded.
            checkpoint = null;
        }

        return CreditFold.Of(checkpoint, oldest.Select(CreditAuditRows.ToLine), order.Before);
    }

    private static async Task<bool> TrySaveAsync(
        DbContext context,
        string account,
        CreditCheckpointRow? before,
        CreditFold fold,
        CancellationToken cancellationToken
    )
    {
        context.ChangeTracker.Clear();
        var checkpoint = fold.Checkpoint!;
        var (folded, end) = (before?.Sequence ?? 0, checkpoint.Sequence);
        var transaction = await context
            .Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken)
            .ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // The account's row first, as every writer does: from here on no spend of this account comes between.
            var held = await context
                .Set<CreditAccountRow>()
                .Where(a => a.Account == account)
                .ExecuteUpdateAsync(s => s.SetProperty(a => a.Version, a => a.Version + 1), cancellationToken)
                .ConfigureAwait(false);
            if (held != 1 || !await TrySaveCheckpointAsync().ConfigureAwait(false))
            {
                return false;
            }

            var deleted = await context
                .Set<CreditEntryRow>()
                .Where(e => e.Account == account && e.Sequence > folded && e.Sequence <= end)
                .ExecuteDeleteAsync(cancellationToken)
                .ConfigureAwait(false);
            if (deleted != fold.Entries)
            {
                return false;
            }

            var endedBy = CreditRowMapping.ToMilliseconds(checkpoint.At);
            foreach (var ids in fold.Ended.Chunk(IdsPerStatement))
            {
                await context
                    .Set<CreditReservationRow>()
                    .Where(r =>
                        r.Account == account && ids.Contains(r.OperationId) && r.State != Open && r.EndedAt <= endedBy
                    )
                    .ExecuteDeleteAsync(cancellationToken)
                    .ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        async Task<bool> TrySaveCheckpointAsync()
        {
            var row = checkpoint.ToRow(account);
            var isThere =
                await context
                    .Set<CreditCheckpointRow>()
                    .Where(c => c.Account == account && c.Sequence == folded)
                    .ExecuteUpdateAsync(
                        s =>
                            s.SetProperty(c => c.Sequence, row.Sequence)
                                .SetProperty(c => c.At, row.At)
                                .SetProperty(c => c.Balance, row.Balance)
                                .SetProperty(c => c.Spent, row.Spent)
                                .SetProperty(c => c.Committed, row.Committed)
                                .SetProperty(c => c.Expired, row.Expired)
                                .SetProperty(c => c.Free, row.Free)
                                .SetProperty(c => c.Open, row.Open),
                        cancellationToken
                    )
                    .ConfigureAwait(false) == 1;
            if (!isThere && before is not null)
            {
                return false;
            }

            if (!isThere)
            {
                context.Add(row);
            }

            context.AddRange(fold.Known.Select(k => k.ToKnownIdRow(account)));
            try
            {
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (DbUpdateException e) when (DatabaseFailure.IsUniqueViolation(e))
            {
                // Another trimmed it first.
                return false;
            }
        }
    }
}
