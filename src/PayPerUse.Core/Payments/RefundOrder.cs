namespace PayPerUse.Payments;

/// <summary>How much of a payment to send back.</summary>
public enum RefundExtent
{
    /// <summary>All that has not gone back yet.</summary>
    Whole = 1,

    /// <summary>The price of this payment's credits that are neither spent nor reserved nor expired.</summary>
    Unspent = 2,

    /// <summary><see cref="RefundOrder.Amount"/>.</summary>
    Amount = 3,
}

/// <summary>Money to send back.</summary>
/// <param name="PaymentId">Our id of the payment.</param>
/// <param name="Extent">How much.</param>
/// <param name="By">Who asks, for the payment's history: 1 to 64 characters.</param>
public sealed record RefundOrder(string PaymentId, RefundExtent Extent, string By)
{
    /// <summary>
    /// The amount for <see cref="RefundExtent.Amount"/>, in the payment's currency. For <see cref="RefundExtent.Unspent"/> the
    /// amount that was agreed to: when it comes to another, nothing happens (<see cref="PaymentOrderStatus.Changed"/>).
    /// </summary>
    public Money? Amount { get; init; }

    /// <summary>
    /// Whether the refund is left for a person to transfer where the provider cannot send it: the credits are taken back, and it
    /// is owed (<see cref="PaymentRefund.IsOwed"/>) until it is recorded.
    /// </summary>
    public bool IsByHandAllowed { get; init; }

    /// <summary>
    /// The caller's idempotency key, at most 128 characters: the same key answers the same refund. Null: each call is a new
    /// refund.
    /// </summary>
    public string? RequestKey { get; init; }
}
