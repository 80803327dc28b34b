namespace PayPerUse.Payments;

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

    /// <summary>It comes to another amount than the one that was agreed to. Nothing has happened.</summary>
    Changed = 11,
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
)
{
    /// <summary>How one refund of the payment stands.</summary>
    internal static PaymentOrderResult Of(Payment payment, string refundId)
    {
        var refund = payment.Refunds.FirstOrDefault(r => r.Id == refundId);
        return refund?.Status switch
        {
            PaymentRefundStatus.Succeeded => new(PaymentOrderStatus.Done, payment, null, refund),
            PaymentRefundStatus.Failed => new(
                PaymentOrderStatus.Failed,
                payment,
                "It was not sent back; the credits are as before.",
                refund
            ),
            PaymentRefundStatus.Pending => new(
                PaymentOrderStatus.Pending,
                payment,
                "The provider has it; the money is on its way.",
                refund
            ),
            _ => new(
                PaymentOrderStatus.Pending,
                payment,
                "Whether it arrived at the provider is not known yet; the sweeper finds out.",
                refund
            ),
        };
    }
}
