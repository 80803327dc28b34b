using System.Collections.Immutable;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Testing.Payments;

/// <summary>
/// The moment at which a host dies: between any two steps of its stores, before or after a step took effect. From then on nothing
/// that the host does has an effect; what it has done stays.
/// </summary>
public sealed class HostCrash
{
    private int _left = int.MaxValue;

    public bool HasCrashed => Volatile.Read(ref _left) <= 0;

    /// <summary>Dies after some more half steps.</summary>
    public void In(int halfSteps) => Volatile.Write(ref _left, halfSteps);

    public async Task<T> StepAsync<T>(Func<Task<T>> step)
    {
        Live();
        var result = await step();
        Live();
        return result;
    }

    private void Live()
    {
        if (Volatile.Read(ref _left) != int.MaxValue && Interlocked.Decrement(ref _left) <= 0)
        {
            Volatile.Write(ref _left, 0);
            throw new PaymentStoreException("The host has crashed.");
        }
    }

    /// <summary>The payments of a host that can die.</summary>
    public sealed class Payments(IPaymentStore inner, IReversalCursors cursors, HostCrash crash)
        : IPaymentStore,
            IReversalCursors
    {
        public Task<Payment?> TryAddAsync(Payment payment, PaymentEvent first, CancellationToken cancellationToken) =>
            crash.StepAsync(() => inner.TryAddAsync(payment, first, cancellationToken));

        public Task<Payment?> TryUpdateAsync(
            Payment payment,
            PaymentEvent? change,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => inner.TryUpdateAsync(payment, change, cancellationToken));

        public Task<Payment?> FindAsync(string id, CancellationToken cancellationToken) =>
            crash.StepAsync(() => inner.FindAsync(id, cancellationToken));

        public Task<Payment?> FindByProviderAsync(
            string provider,
            string providerPaymentId,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => inner.FindByProviderAsync(provider, providerPaymentId, cancellationToken));

        public Task<Payment?> FindByChargeAsync(
            string provider,
            string chargeId,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => inner.FindByChargeAsync(provider, chargeId, cancellationToken));

        public Task<Payment?> FindOpenAsync(string openKey, CancellationToken cancellationToken) =>
            crash.StepAsync(() => inner.FindOpenAsync(openKey, cancellationToken));

        public Task<Payment?> FindByRequestKeyAsync(
            AccountId account,
            string requestKey,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => inner.FindByRequestKeyAsync(account, requestKey, cancellationToken));

        public Task<ImmutableArray<Payment>> ListAsync(
            AccountId account,
            int limit,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => inner.ListAsync(account, limit, cancellationToken));

        public Task<ImmutableArray<Payment>> ListAsync(
            PaymentStatus? status,
            int limit,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => inner.ListAsync(status, limit, cancellationToken));

        public Task<ImmutableArray<Payment>> FindDueAsync(
            DateTimeOffset now,
            int limit,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => inner.FindDueAsync(now, limit, cancellationToken));

        public Task<long> CountAsync(PaymentStatus status, CancellationToken cancellationToken) =>
            crash.StepAsync(() => inner.CountAsync(status, cancellationToken));

        public Task<ImmutableArray<PaymentEvent>> ReadEventsAsync(string id, CancellationToken cancellationToken) =>
            crash.StepAsync(() => inner.ReadEventsAsync(id, cancellationToken));

        public Task<string?> ReadCursorAsync(string feed, CancellationToken cancellationToken) =>
            crash.StepAsync(() => cursors.ReadCursorAsync(feed, cancellationToken));

        public Task<bool> TryMoveCursorAsync(
            string feed,
            string? from,
            string to,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => cursors.TryMoveCursorAsync(feed, from, to, cancellationToken));
    }

    /// <summary>The credits of a host that can die.</summary>
    public sealed class Credits(ICreditStore inner, HostCrash crash) : ICreditStore
    {
        public async Task<ImmutableArray<CreditOutcome>> ApplyAsync(
            CreditBatch batch,
            CancellationToken cancellationToken
        )
        {
            try
            {
                return await crash.StepAsync(() => inner.ApplyAsync(batch, cancellationToken));
            }
            catch (PaymentStoreException e)
            {
                throw new CreditStoreException(e.Message, isTransient: false, CreditOperationOutcome.Unknown, e);
            }
        }

        public Task<CreditBalance> ReadBalanceAsync(
            AccountId account,
            CreditPolicy policy,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => inner.ReadBalanceAsync(account, policy, cancellationToken));

        public Task<ImmutableArray<CreditEntry>> ReadHistoryAsync(
            AccountId account,
            long? before,
            int limit,
            CancellationToken cancellationToken
        ) => crash.StepAsync(() => inner.ReadHistoryAsync(account, before, limit, cancellationToken));
    }
}
