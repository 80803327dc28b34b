using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// A walk through all accounts in the order of their key, in pieces, by whichever host holds it. The bookmark is one row that is
/// compared and set, so that two hosts never do the same piece, and a host that dies is replaced when its hold runs out.
/// </summary>
internal sealed class CreditWalk
{
    private const string Retention = "retention";

    // Far longer than a piece takes. A host that is slower still does no harm: each step is guarded by the account's checkpoint.
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(5);

    private readonly IContextSource _contexts;
    private readonly CreditWalkRow _row;

    private CreditWalk(IContextSource contexts, CreditWalkRow row)
    {
        _contexts = contexts;
        _row = row;
    }

    /// <summary>The last account that was done; empty at the beginning.</summary>
    public string WalkedTo => _row.WalkedTo ?? "";

    /// <summary>Takes the walk over; null when another host holds it, or when it is over and a new one would be too early.</summary>
    public static async Task<CreditWalk?> TryTakeAsync(
        IContextSource contexts,
        CreditTrimOrder order,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var row = await FindAsync(contexts, cancellationToken).ConfigureAwait(false);
        var at = now.ToUnixTimeMilliseconds();
        var interval = (long)order.WalkInterval.TotalMilliseconds;
        var isNew = row?.WalkedTo is null;
        if (row is not null && (at < row.HeldUntil || (isNew && interval > 0 && at < row.BeganAt + interval)))
        {
            return null;
        }

        var held = new CreditWalkRow
        {
            Name = Retention,
            WalkedTo = row?.WalkedTo ?? "",
            BeganAt = isNew ? at : row!.BeganAt,
            HeldUntil = at + (long)Hold.TotalMilliseconds,
            Version = row?.Version ?? 0,
        };
        var walk = new CreditWalk(contexts, held);
        return await walk.TrySaveAsync(isNew: row is null, cancellationToken).ConfigureAwait(false) ? walk : null;
    }

    /// <summary>Lets go of the walk for whoever goes on with it.</summary>
    /// <param name="walkedTo">The last account that was done; null when it was the last of all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task LetGoAsync(string? walkedTo, CancellationToken cancellationToken)
    {
        _row.WalkedTo = walkedTo;
        _row.HeldUntil = 0;
        return TrySaveAsync(isNew: false, cancellationToken);
    }

    private static async Task<CreditWalkRow?> FindAsync(IContextSource contexts, CancellationToken cancellationToken)
    {
        var lease = contexts.Lease();
        await using (lease.ConfigureAwait(false))
        {
            return await lease
                .Context.Set<CreditWalkRow>()
                .AsNoTracking()
                .SingleOrDefaultAsync(w => w.Name == Retention, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private async Task<bool> TrySaveAsync(bool isNew, CancellationToken cancellationToken)
    {
        var lease = _contexts.Lease();
        await using (lease.ConfigureAwait(false))
        {
            var entry = lease.Context.Entry(_row);
            entry.State = isNew ? EntityState.Added : EntityState.Modified;
            var version = entry.Property(w => w.Version);
            version.OriginalValue = _row.Version;
            version.CurrentValue = _row.Version + 1;
            try
            {
                await lease.Context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || DatabaseFailure.IsUniqueViolation(e))
            {
                // Another host was first.
                return false;
            }
        }
    }
}
