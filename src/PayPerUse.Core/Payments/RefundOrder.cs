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
    /// <summary>The amount for <see cref="RefundExtent.Amount"/>, in the payment's currency.</summary>
    public Money? Amount { get; init; }

    /// <summary>
    /// The caller's idempotency key, at most 128 characters: the same key answers the same refund. Null: each call is a new
    /// refund.
    /// </summary>
    public string? RequestKey { get; init; }
}

/// <summary>How a person's or the app's order about a payment ended.</summary>
public enum PaymentOrderStatus
{
    /// <summary>It is done.</summary>
    Done = 1,

    /// <summary>The provider has it, or may have it; the sweeper finishes it.</summary>
    Pending = 2,

    /// <summary>The provider certainly did not do it; the credits are as before.</summary>
    Failed = 3,

    /// <summary>There is no such payment.</summary>
    NotFound = 4,

    /// <summary>The payment's status does not allow it.</summary>
    NotAllowed = 5,

    /// <summary>There is nothing left to send back, or not that much.</summary>
    NothingLeft = 6,

    /// <summary>Another refund of the payment is being made; its outcome must be known first.</summary>
    InProgress = 7,

    /// <summary>It cannot be done through this provider with its present settings; by hand it can.</summary>
    Unsupported = 8,

    /// <summary>The key or reference was used for another amount.</summary>
    KeyReused = 9,

    /// <summary>The provider does not answer now. Nothing has happened.</summary>
    Unavailable = 10,
}

/// <summary>What an order about a payment came to.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Payment">The payment as it stands now; null when there is none.</param>
/// <param name="Message">Why, and what to do, when it is not done.</param>
/// <param name="Refund">The refund, when there is one.</param>
public sealed record PaymentOrderResult(
    PaymentOrderStatus Status,
    Payment? Payment = null,
    string? Message = null,
    PaymentRefund? Refund = null
);
