using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>Any relational database: LINQ and SaveChanges, one account a transaction, guarded by the account's version.</summary>
internal sealed class PortableCreditWriter(IContextSource contexts, TimeProvider clock) : ICreditWriter
{
    private const short Open = (short)ReservationState.Open;
    private const int MaxConflicts = 10;

    // Some drivers block where they should wait, and the thread is the caller's.
    public Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken) =>
        Task.Run(() => ApplyEachAsync(batch, cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<ImmutableArray<CreditOutcome>> ApplyEachAsync(
        CreditBatch batch,
        CancellationToken cancellationToken
    )
    {
        var outcomes = new CreditOutcome[batch.Commands.Length];
        foreach (var part in batch.Commands.Index().GroupBy(c => c.Item.Account))
        {
            var commands = part.ToArray();
            var applied = await ApplyToAccountAsync(
                    batch.With(commands.Select(c => c.Item)),
                    part.Key,
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (var i = 0; i < commands.Length; i++)
            {
                outcomes[commands[i].Index] = applied[i];
            }
        }

        return [.. outcomes];
    }

    private async Task<ImmutableArray<CreditOutcome>> ApplyToAccountAsync(
        CreditBatch batch,
        AccountId account,
        CancellationToken cancellationToken
    )
    {
        for (var conflicts = 0; ; conflicts++)
        {
            var isSaving = false;
            try
            {
                var lease = contexts.Lease();
                await using (lease.ConfigureAwait(false))
                {
                    var loaded = await LoadAsync(lease.Context, batch, account, cancellationToken)
                        .ConfigureAwait(false);
                    var changes = batch.Apply(loaded is null ? [] : [loaded], clock.GetUtcNow());
                    foreach (var change in changes.Accounts)
                    {
                        Track(lease.Context, change);
                    }

                    isSaving = true;
                    await lease.Context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                    return [.. changes.Results.Select(CreditOutcome.Of)];
                }
            }
            catch (DbUpdateException e)
                when (conflicts < MaxConflicts
                    && (e is DbUpdateConcurrencyException || DatabaseFailure.IsUniqueViolation(e))
                )
            {
                // Another was first; nothing of ours was saved.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                var failed = CreditOutcome.Failed(DatabaseFailure.ToCreditStoreException(e, isSaving));
                return [.. Enumerable.Repeat(failed, batch.Commands.Length)];
            }
        }
    }

    /// <summary>Reads the version first: whatever changes after that makes the save fail.</summary>
    private static async Task<LoadedCreditAccount?> LoadAsync(
        DbContext context,
        CreditBatch batch,
        AccountId account,
        CancellationToken cancellationToken
    )
    {
        var value = account.Value;
        var row = await context
            .Set<CreditAccountRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(a => a.Account == value, cancellationToken)
            .ConfigureAwait(false);
        if (row is null)
        {
            return null;
        }

        // Reservations may fall due by the clock or by the account's own last time; loading more than is due does no harm.
        var names = batch.Names.Select(n => n.Id).ToArray();
        var grants = await context
            .Set<CreditGrantRow>()
            .AsNoTracking()
            .Where(g => g.Account == value && (g.IsLive || names.Contains(g.GrantId)))
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var reservations = await context
            .Set<CreditReservationRow>()
            .AsNoTracking()
            .Where(r => r.Account == value && (r.State == Open || names.Contains(r.OperationId)))
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var known = await context
            .Set<CreditEntryRow>()
            .AsNoTracking()
            .Where(e => e.Account == value && names.Contains(e.OperationId))
            .Where(CreditColumns.IsKey)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var folded = await context
            .Set<CreditKnownIdRow>()
            .AsNoTracking()
            .Where(k => k.Account == value && names.Contains(k.OperationId))
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        known.AddRange(folded.Select(k => k.ToEntryRow()));

        // The reads are not one snapshot: what moved between them must neither break the rules nor make a refusal.
        var version = await context
            .Set<CreditAccountRow>()
            .Where(a => a.Account == value)
            .Select(a => a.Version)
            .SingleOrDefaultAsync(cancellationToken)
            .ConfigureAwait(false);
        if (version != row.Version)
        {
            throw new DbUpdateConcurrencyException("The account changed while it was read.");
        }

        return new LoadedCreditAccount(row.ToAccount(grants, reservations), [.. known.Select(k => k.ToEntry())]);
    }

    private static void Track(DbContext context, CreditAccountChange change)
    {
        var account = change.After.Id;
        if (change.Before.Version == 0)
        {
            context.Add(change.After.ToRow());
        }
        else
        {
            context.Update(change.After.ToRow()).Property(a => a.Version).OriginalValue = change.Before.Version;
        }

        foreach (var grant in change.Grants)
        {
            var isNew = change.Before.Grants.All(g => !string.Equals(g.Id, grant.Id, StringComparison.Ordinal));
            context.Entry(grant.ToRow(account)).State = isNew ? EntityState.Added : EntityState.Modified;
        }

        foreach (var reservation in change.Reservations)
        {
            context.Entry(reservation.ToRow(account)).State = change.Before.Reservations.ContainsKey(reservation.Id)
                ? EntityState.Modified
                : EntityState.Added;
        }

        context.AddRange(change.Entries.Select(e => e.ToRow(account)));
    }
}
