using Microsoft.EntityFrameworkCore;
using PayPerUse.Answers;
using PayPerUse.Credits;
using PayPerUse.EfCore.Payments;

namespace PayPerUse.EfCore.Answers;

/// <summary>Keeps answers with LINQ, alike on every database, and never in a transaction of the app.</summary>
internal sealed class EfAnswerStore(IContextSource contexts) : IAnswerStore
{
    public Task SaveAsync(KeptAnswer answer, CancellationToken cancellationToken) =>
        RunAsync(async context =>
        {
            var expiresAt = answer.ExpiresAt.ToUnixTimeMilliseconds();
            var content = answer.Content.ToArray();
            context.Add(
                new KeptAnswerRow
                {
                    Account = answer.Reservation.Account.Value,
                    OperationId = answer.Reservation.Id,
                    Attempt = answer.Reservation.Attempt,
                    ExpiresAt = expiresAt,
                    Content = content,
                }
            );
            try
            {
                return await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DbUpdateException e) when (DatabaseFailure.IsUniqueViolation(e))
            {
                // Saved before, also by a retry of EF Core whose first try arrived after all.
                return await RowOf(context, answer.Reservation)
                    .ExecuteUpdateAsync(
                        row => row.SetProperty(r => r.ExpiresAt, expiresAt).SetProperty(r => r.Content, content),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
            }
        });

    public Task<KeptAnswer?> FindAsync(ReservationId reservation, CancellationToken cancellationToken) =>
        RunAsync(async context =>
        {
            var row = await RowOf(context, reservation)
                .AsNoTracking()
                .FirstOrDefaultAsync(cancellationToken)
                .ConfigureAwait(false);
            return row is null
                ? null
                : new KeptAnswer(reservation, DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt), row.Content);
        });

    public Task<int> SweepAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        RunAsync(async context =>
        {
            var milliseconds = now.ToUnixTimeMilliseconds();
            var expired = await context
                .Set<KeptAnswerRow>()
                .Where(a => a.ExpiresAt <= milliseconds)
                .OrderBy(a => a.ExpiresAt)
                .Take(limit)
                .Select(a => new
                {
                    a.Account,
                    a.OperationId,
                    a.Attempt,
                })
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            var removed = 0;
            foreach (var key in expired)
            {
                // Another host may have been faster.
                removed += await context
                    .Set<KeptAnswerRow>()
                    .Where(a =>
                        a.Account == key.Account && a.OperationId == key.OperationId && a.Attempt == key.Attempt
                    )
                    .ExecuteDeleteAsync(cancellationToken)
                    .ConfigureAwait(false);
            }

            return removed;
        });

    public Task<int> RemoveAsync(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellationToken) =>
        RunAsync(context =>
        {
            string[] values = [.. accounts.Select(a => a.Value)];
            return context
                .Set<KeptAnswerRow>()
                .Where(a => values.Contains(a.Account))
                .ExecuteDeleteAsync(cancellationToken);
        });

    private static IQueryable<KeptAnswerRow> RowOf(DbContext context, ReservationId reservation)
    {
        var (account, id, attempt) = (reservation.Account.Value, reservation.Id, reservation.Attempt);
        return context
            .Set<KeptAnswerRow>()
            .Where(a => a.Account == account && a.OperationId == id && a.Attempt == attempt);
    }

    private Task<T> RunAsync<T>(Func<DbContext, Task<T>> work) =>
        contexts.RunAsync(work, DatabaseFailure.ToAnswerStoreException);
}
