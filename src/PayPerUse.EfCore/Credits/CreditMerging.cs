using System.Collections.Immutable;
using System.Data;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// Merges two accounts on any relational database, by LINQ, in one transaction. Raising the versions of both rows first, in the
/// order of their key, holds them as every writer does; what is read after that stays so until the end.
/// </summary>
internal sealed class CreditMerging(
    IContextSource contexts,
    TimeProvider clock,
    AccountId source,
    AccountId target,
    CreditPolicy policy
)
{
    private const short Open = (short)ReservationState.Open;
    private const int IdsPerStatement = 500;
    private const int MaxTries = 8;

    // One merge, whichever try of it was saved. A try after one whose answer was lost finds the source closed: already merged.
    private readonly Guid _attempt = Guid.NewGuid();

    public async Task<CreditMergeResult> RunAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                // A row must be there to be held; made in a transaction of its own, as two hosts may make it at once.
                foreach (var account in new[] { source, target }.Order())
                {
                    await AddIfMissingAsync(account.Value, cancellationToken).ConfigureAwait(false);
                }

                var lease = contexts.Lease();
                await using (lease.ConfigureAwait(false))
                {
                    return await lease
                        .Context.Database.CreateExecutionStrategy()
                        .ExecuteAsync(token => MergeAsync(lease.Context, token), cancellationToken)
                        .ConfigureAwait(false);
                }
            }
            catch (Exception e)
                when (tries < MaxTries && DatabaseFailure.IsOfDatabase(e) && DatabaseFailure.IsPassing(e))
            {
                // Nothing of it was saved, or all of it, and then the next try is told so.
            }
        }
    }

    private async Task AddIfMissingAsync(string account, CancellationToken cancellationToken)
    {
        var lease = contexts.Lease();
        await using (lease.ConfigureAwait(false))
        {
            var rows = lease.Context.Set<CreditAccountRow>();
            if (await rows.AnyAsync(a => a.Account == account, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            // Version 0 is what writers take for no row.
            lease.Context.Add(new CreditAccountRow { Account = account, Version = 1 });
            try
            {
                await lease.Context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DbUpdateException e) when (DatabaseFailure.IsUniqueViolation(e))
            {
                // Another made it first.
            }
        }
    }

    private async Task<CreditMergeResult> MergeAsync(DbContext context, CancellationToken cancellationToken)
    {
        context.ChangeTracker.Clear();
        var transaction = await context
            .Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken)
            .ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            foreach (var account in new[] { source, target }.Order())
            {
                await HoldAsync(context, account.Value, cancellationToken).ConfigureAwait(false);
            }

            var from = await LoadAsync(context, source.Value, null, cancellationToken).ConfigureAwait(false);
            var ids = from.Account.Grants.Select(g => g.Id).ToArray();
            var to = await LoadAsync(context, target.Value, ids, cancellationToken).ConfigureAwait(false);
            var merge = CreditMerge.Apply(from.Account, to, _attempt, clock.GetUtcNow(), policy);
            if (merge is not { Source: { } closed, Target: { } merged })
            {
                // Leaving without a commit lets go of both and leaves no trace.
                return merge.Result;
            }

            await SaveAsync(context, closed, cancellationToken).ConfigureAwait(false);
            await SaveAsync(context, merged, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return merge.Result;
        }
    }

    private static Task<int> HoldAsync(DbContext context, string account, CancellationToken cancellationToken) =>
        context
            .Set<CreditAccountRow>()
            .Where(a => a.Account == account)
            .ExecuteUpdateAsync(s => s.SetProperty(a => a.Version, a => a.Version + 1), cancellationToken);

    /// <summary>Reads a held account: with all its grants, or with the live ones and what the names stand for.</summary>
    private static async Task<LoadedCreditAccount> LoadAsync(
        DbContext context,
        string account,
        string[]? names,
        CancellationToken cancellationToken
    )
    {
        var row = await context
            .Set<CreditAccountRow>()
            .AsNoTracking()
            .SingleAsync(a => a.Account == account, cancellationToken)
            .ConfigureAwait(false);
        var allGrants = context.Set<CreditGrantRow>().AsNoTracking().Where(g => g.Account == account);
        var grants = await (names is null ? allGrants : allGrants.Where(g => g.IsLive))
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var reservations = await context
            .Set<CreditReservationRow>()
            .AsNoTracking()
            .Where(r => r.Account == account && r.State == Open)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var known = new List<CreditEntryRow>();
        foreach (var ids in (names ?? []).Chunk(IdsPerStatement))
        {
            grants.AddRange(
                await allGrants
                    .Where(g => !g.IsLive && ids.Contains(g.GrantId))
                    .ToListAsync(cancellationToken)
                    .ConfigureAwait(false)
            );
            reservations.AddRange(
                await context
                    .Set<CreditReservationRow>()
                    .AsNoTracking()
                    .Where(r => r.Account == account && r.State != Open && ids.Contains(r.OperationId))
                    .ToListAsync(cancellationToken)
                    .ConfigureAwait(false)
            );
            known.AddRange(
                await context
                    .Set<CreditEntryRow>()
                    .AsNoTracking()
                    .Where(e => e.Account == account && ids.Contains(e.OperationId))
                    .Where(CreditColumns.IsKey)
                    .ToListAsync(cancellationToken)
                    .ConfigureAwait(false)
            );
            var folded = await context
                .Set<CreditKnownIdRow>()
                .AsNoTracking()
                .Where(k => k.Account == account && ids.Contains(k.OperationId))
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            known.AddRange(folded.Select(k => k.ToEntryRow()));
        }

        return new LoadedCreditAccount(row.ToAccount(grants, reservations), [.. known.Select(k => k.ToEntry())]);
    }

    private static async Task SaveAsync(
        DbContext context,
        CreditAccountChange change,
        CancellationToken cancellationToken
    )
    {
        var account = change.After.Id;
        context.Update(change.After.ToRow()).Property(a => a.Version).OriginalValue = change.Before.Version;
        var before = change.Before.Grants.Select(g => g.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var grant in change.Grants)
        {
            context.Entry(grant.ToRow(account)).State = before.Contains(grant.Id)
                ? EntityState.Modified
                : EntityState.Added;
        }

        foreach (var reservation in change.Reservations)
        {
            // A merge ends reservations that were due; it makes none.
            context.Entry(reservation.ToRow(account)).State = EntityState.Modified;
        }

        context.AddRange(change.Entries.Select(e => e.ToRow(account)));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }
}
