using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>Keeps payments and their history. Every save is a compare-and-set on the payment's version.</summary>
public interface IPaymentStore
{
    /// <summary>Adds a new payment (version 0 becomes 1) with its first event.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="first">Its first event.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The saved payment; null when its open key or its request key is taken.</returns>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    Task<Payment?> TryAddAsync(Payment payment, PaymentEvent first, CancellationToken cancellationToken);

    /// <summary>Saves a payment if nobody else has since it was read, together with an event.</summary>
    /// <param name="payment">The payment, with the version it was read with.</param>
    /// <param name="change">What to append to its history; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The saved payment, its version one higher; null when another was first.</returns>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    Task<Payment?> TryUpdateAsync(Payment payment, PaymentEvent? change, CancellationToken cancellationToken);

    /// <summary>Finds a payment by our id.</summary>
    /// <param name="id">Our id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Payment?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Finds a payment by the provider's id.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="providerPaymentId">Its id of the payment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Payment?> FindByProviderAsync(string provider, string providerPaymentId, CancellationToken cancellationToken);

    /// <summary>Finds a payment by the provider's id of the money.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="chargeId">See <see cref="ProviderPayment.ChargeId"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Payment?> FindByChargeAsync(string provider, string chargeId, CancellationToken cancellationToken);

    /// <summary>Finds the open payment of a key.</summary>
    /// <param name="openKey">See <see cref="Payment.OpenKeyOf"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Payment?> FindOpenAsync(string openKey, CancellationToken cancellationToken);

    /// <summary>Finds the payment a caller's idempotency key made.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="requestKey">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Payment?> FindByRequestKeyAsync(AccountId account, string requestKey, CancellationToken cancellationToken);

    /// <summary>Lists an account's payments, newest first.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<Payment>> ListAsync(AccountId account, int limit, CancellationToken cancellationToken);

    /// <summary>Lists payments of all accounts, newest first; for the person on duty.</summary>
    /// <param name="status">Only those in this status; null for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<Payment>> ListAsync(PaymentStatus? status, int limit, CancellationToken cancellationToken);

    /// <summary>Finds payments whose <see cref="Payment.NextCheckAt"/> has come, oldest first.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<Payment>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Counts payments in a status, for health and metrics.</summary>
    /// <param name="status">The status.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<long> CountAsync(PaymentStatus status, CancellationToken cancellationToken);

    /// <summary>Reads a payment's history, oldest first.</summary>
    /// <param name="id">Our id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<PaymentEvent>> ReadEventsAsync(string id, CancellationToken cancellationToken);
}

/// <summary>The payment store could not answer.</summary>
public sealed class PaymentStoreException : PayPerUseException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The cause.</param>
    public PaymentStoreException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
