using System.Collections.Immutable;

namespace PayPerUse.Payments;

/// <summary>
/// A provider that can be asked what was refunded or disputed lately, for messages that never came (Stripe's event list,
/// Payconiq's reconciliation of refunds). A provider class implements it beside <see cref="IPaymentProvider"/>;
/// <see cref="ReconciliationWorker"/> reads it from a stored cursor, so that not every payment need be polled.
/// </summary>
public interface IReversalFeed
{
    /// <summary>Whether it can be read with the present settings.</summary>
    bool IsReadable { get; }

    /// <summary>
    /// Reads a page, oldest first. A page may repeat what an earlier one had, but may miss nothing: a cursor made of a time
    /// leaves a margin for clocks and for entries that appear late.
    /// </summary>
    /// <param name="cursor">Where an earlier page ended; null for the first time ever: from some days ago.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentProviderException">The provider did not answer.</exception>
    Task<ReversalPage> ReadReversalsAsync(string? cursor, CancellationToken cancellationToken);

    /// <summary>
    /// The cursor from which everything since a moment is told (again); the same cursor when it is not past that moment. Asked
    /// where a payment is found paid late and <see cref="ProviderPayment.Reversals"/> is null: its refund may have been told
    /// before we knew the payment. A provider that tells sums leaves it as it is.
    /// </summary>
    /// <param name="cursor">Where reading stands.</param>
    /// <param name="to">The moment.</param>
    string Rewind(string cursor, DateTimeOffset to) => cursor;
}

/// <summary>A page of what was refunded or disputed.</summary>
/// <param name="Notices">Which payments, oldest first; payments of other products of the same account may be among them.</param>
/// <param name="Cursor">Where the next page begins, at most 255 characters; the same as before when there is nothing new.</param>
/// <param name="HasMore">Whether another page can be read at once.</param>
public sealed record ReversalPage(ImmutableArray<ReversalNotice> Notices, string Cursor, bool HasMore);

/// <summary>A doorbell: money of this payment may have gone back. Named by any of its three ids.</summary>
public sealed record ReversalNotice
{
    /// <summary>Our id of the payment, when it is told.</summary>
    public string? PaymentId { get; init; }

    /// <summary>The provider's id of the payment, when it is told.</summary>
    public string? ProviderPaymentId { get; init; }

    /// <summary>The provider's id of the money (<see cref="ProviderPayment.ChargeId"/>), when it is told.</summary>
    public string? ChargeId { get; init; }

    /// <summary>
    /// The refund itself, where asking for the payment does not tell of it (<see cref="ProviderPayment.Reversals"/> is null).
    /// </summary>
    public ProviderRefund? Refund { get; init; }
}

/// <summary>Keeps how far each <see cref="IReversalFeed"/> was read, for all hosts together.</summary>
public interface IReversalCursors
{
    /// <summary>Reads a cursor; null when that feed was never read.</summary>
    /// <param name="feed">The feed: provider and mode, such as <c>stripe/live</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    Task<string?> ReadCursorAsync(string feed, CancellationToken cancellationToken);

    /// <summary>Moves a cursor, if nobody else has since it was read.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="from">What was read; null when there was none.</param>
    /// <param name="to">The new one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was moved.</returns>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    Task<bool> TryMoveCursorAsync(string feed, string? from, string to, CancellationToken cancellationToken);
}
