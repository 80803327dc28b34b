using System.Collections.Immutable;
using PayPerUse.Payments;

namespace PayPerUse.Receipts;

/// <summary>Keeps receipts and gives them their numbers. Nothing in it is ever changed or removed.</summary>
public interface IReceiptStore
{
    /// <summary>
    /// Issues a receipt: gives it the next number of its series and saves both in one step, so that a failure leaves no gap and
    /// hosts that race each get a number of their own.
    /// </summary>
    /// <param name="receipt">The receipt, its <see cref="Receipt.Sequence"/> 0.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The receipt with its number; null when the payment has one of that <see cref="Receipt.Position"/>.</returns>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    Task<Receipt?> TryIssueAsync(Receipt receipt, CancellationToken cancellationToken);

    /// <summary>Finds the receipts of payments, each payment's in order of their positions.</summary>
    /// <param name="paymentIds">Our ids of the payments, at most 1000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    Task<ImmutableArray<Receipt>> FindAsync(
        IReadOnlyCollection<string> paymentIds,
        CancellationToken cancellationToken
    );
}
