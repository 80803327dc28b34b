using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>Lists payments page by page, and those whose money a person must transfer. A payment store implements it.</summary>
public interface IPaymentPages
{
    /// <summary>Lists the payments of accounts together, newest first: by <see cref="Payment.CreatedAt"/>, then by id.</summary>
    /// <param name="accounts">Whose: an account and those that were merged into it.</param>
    /// <param name="before">Only those that come after this one in that order; null from the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    Task<ImmutableArray<Payment>> ListBeforeAsync(
        IReadOnlyCollection<AccountId> accounts,
        PaymentPosition? before,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Lists payments of all accounts with a refund that a person must transfer (<see cref="PaymentRefund.IsOwed"/>), oldest first;
    /// for the person on duty.
    /// </summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    Task<ImmutableArray<Payment>> ListOwedAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Counts the payments of <see cref="ListOwedAsync"/>, for health. Asked often: it must be cheap.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    Task<long> CountOwedAsync(CancellationToken cancellationToken);
}

/// <summary>A place in an account's list of payments.</summary>
/// <param name="CreatedAt">The payment's <see cref="Payment.CreatedAt"/>.</param>
/// <param name="Id">Our id of the payment.</param>
public sealed record PaymentPosition(DateTimeOffset CreatedAt, string Id);
