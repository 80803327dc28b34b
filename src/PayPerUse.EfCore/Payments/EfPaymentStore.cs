using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.EfCore.Payments;

/// <summary>Keeps payments with LINQ and SaveChanges, alike on every database: payments are few, credits are many.</summary>
internal sealed class EfPaymentStore(IContextSource contexts) : IPaymentStore, IPaymentPages, IReversalCursors
{
    public Task<Payment?> TryAddAsync(Payment payment, PaymentEvent first, CancellationToken cancellationToken) =>
        SaveAsync(payment, first, isNew: true, cancellationToken);

    public Task<Payment?> TryUpdateAsync(Payment payment, PaymentEvent? change, CancellationToken cancellationToken) =>
        SaveAsync(payment, change, isNew: false, cancellationToken);

    public Task<Payment?> FindAsync(string id, CancellationToken cancellationToken) =>
        FindOneAsync(rows => rows.Where(p => p.Id == id), cancellationToken);

    public Task<Payment?> FindByProviderAsync(
        string provider,
        string providerPaymentId,
        CancellationToken cancellationToken
    ) =>
        FindOneAsync(
            rows => rows.Where(p => p.Provider == provider && p.ProviderPaymentId == providerPaymentId),
            cancellationToken
        );

    public Task<Payment?> FindByChargeAsync(string provider, string chargeId, CancellationToken cancellationToken) =>
        FindOneAsync(rows => rows.Where(p => p.Provider == provider && p.ChargeId == chargeId), cancellationToken);

    public Task<Payment?> FindOpenAsync(string openKey, CancellationToken cancellationToken) =>
        FindOneAsync(rows => rows.Where(p => p.OpenKey == openKey), cancellationToken);

    public Task<Payment?> FindByRequestKeyAsync(
        AccountId account,
        string requestKey,
        CancellationToken cancellationToken
    )
    {
        var value = account.Value;
        return FindOneAsync(
            rows => rows.Where(p => p.Account == value && p.RequestKey == requestKey),
            cancellationToken
        );
    }

    public Task<ImmutableArray<Payment>> ListAsync(AccountId account, int limit, CancellationToken cancellationToken)
    {
        var value = account.Value;
        return FindManyAsync(
            rows =>
                rows.Where(p => p.Account == value)
                    .OrderByDescending(p => p.CreatedAt)
                    .ThenByDescending(p => p.Id)
                    .Take(limit),
            cancellationToken
        );
    }

    public Task<ImmutableArray<Payment>> ListAsync(
        PaymentStatus? status,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var value = (short?)status;
        return FindManyAsync(
            rows =>
                (value is null ? rows : rows.Where(p => p.Status == value))
                    .OrderByDescending(p => p.CreatedAt)
                    .ThenByDescending(p => p.Id)
                    .Take(limit),
            cancellationToken
        );
    }

    public Task<ImmutableArray<Payment>> ListBeforeAsync(
        IReadOnlyCollection<AccountId> accounts,
        PaymentPosition? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        string[] values = [.. accounts.Select(a => a.Value)];
        var at = before?.CreatedAt.ToUnixTimeMilliseconds();
        var id = before?.Id;
#pragma warning disable CA1309 // Becomes SQL, where the column is compared ordinally.
        return FindManyAsync(
            rows =>
                rows.Where(p => values.Contains(p.Account))
                    .Where(p => at == null || p.CreatedAt < at || (p.CreatedAt == at && string.Compare(p.Id, id) < 0))
                    .OrderByDescending(p => p.CreatedAt)
                    .ThenByDescending(p => p.Id)
                    .Take(limit),
            cancellationToken
        );
#pragma warning restore CA1309
    }

    public Task<ImmutableArray<Payment>> ListOwedAsync(int limit, CancellationToken cancellationToken) =>
        FindManyAsync(
            rows => rows.Where(p => p.OwedAmount != null).OrderBy(p => p.CreatedAt).ThenBy(p => p.Id).Take(limit),
            cancellationToken
        );

    public Task<long> CountOwedAsync(CancellationToken cancellationToken) =>
        RunAsync(context => context.Set<PaymentRow>().LongCountAsync(p => p.OwedAmount != null, cancellationToken));

    public Task<ImmutableArray<Payment>> FindDueAsync(
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var milliseconds = now.ToUnixTimeMilliseconds();
        return FindManyAsync(
            rows => rows.Where(p => p.NextCheckAt <= milliseconds).OrderBy(p => p.NextCheckAt).Take(limit),
            cancellationToken
        );
    }

    public Task<long> CountAsync(PaymentStatus status, CancellationToken cancellationToken)
    {
        var value = (short)status;
        return RunAsync(context => context.Set<PaymentRow>().LongCountAsync(p => p.Status == value, cancellationToken));
    }

    public Task<ImmutableArray<PaymentEvent>> ReadEventsAsync(string id, CancellationToken cancellationToken) =>
        RunAsync(async context =>
        {
            var rows = await context
                .Set<PaymentEventRow>()
                .AsNoTracking()
                .Where(e => e.PaymentId == id)
                .OrderBy(e => e.Id)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            return rows.Select(r => r.ToEvent()).ToImmutableArray();
        });

    public Task<string?> ReadCursorAsync(string feed, CancellationToken cancellationToken) =>
        RunAsync(context =>
            context
                .Set<PaymentCursorRow>()
                .AsNoTracking()
                .Where(c => c.Feed == feed)
                .Select(c => (string?)c.Cursor)
                .FirstOrDefaultAsync(cancellationToken)
        );

    public Task<bool> TryMoveCursorAsync(string feed, string? from, string to, CancellationToken cancellationToken) =>
        RunAsync(async context =>
        {
            if (from is not null)
            {
                return await context
                        .Set<PaymentCursorRow>()
                        .Where(c => c.Feed == feed && c.Cursor == from)
                        .ExecuteUpdateAsync(c => c.SetProperty(r => r.Cursor, to), cancellationToken)
                        .ConfigureAwait(false) > 0;
            }

            context.Add(new PaymentCursorRow { Feed = feed, Cursor = to });
            try
            {
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (DbUpdateException e) when (DatabaseFailure.IsUniqueViolation(e))
            {
                return false;
            }
        });

    private Task<Payment?> SaveAsync(
        Payment payment,
        PaymentEvent? change,
        bool isNew,
        CancellationToken cancellationToken
    ) =>
        RunAsync(async context =>
        {
            var saved = payment with { Version = payment.Version + 1 };
            var row = saved.ToRow();
            if (isNew)
            {
                context.Add(row);
            }
            else
            {
                var entry = context.Update(row);
                entry.Property(p => p.Version).OriginalValue = payment.Version;
            }

            if (change is not null)
            {
                context.Add(change.ToRow());
            }

            try
            {
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                return saved;
            }
            catch (DbUpdateConcurrencyException)
            {
                return null;
            }
            catch (DbUpdateException e) when (DatabaseFailure.IsUniqueViolation(e))
            {
                return null;
            }
        });

    private Task<Payment?> FindOneAsync(
        Func<IQueryable<PaymentRow>, IQueryable<PaymentRow>> query,
        CancellationToken cancellationToken
    ) =>
        RunAsync(async context =>
            (
                await query(context.Set<PaymentRow>().AsNoTracking())
                    .FirstOrDefaultAsync(cancellationToken)
                    .ConfigureAwait(false)
            )?.ToPayment()
        );

    private Task<ImmutableArray<Payment>> FindManyAsync(
        Func<IQueryable<PaymentRow>, IQueryable<PaymentRow>> query,
        CancellationToken cancellationToken
    ) =>
        RunAsync(async context =>
        {
            var rows = await query(context.Set<PaymentRow>().AsNoTracking())
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            return rows.Select(r => r.ToPayment()).ToImmutableArray();
        });

    private Task<T> RunAsync<T>(Func<DbContext, Task<T>> work) => contexts.RunAsync(work);
}
