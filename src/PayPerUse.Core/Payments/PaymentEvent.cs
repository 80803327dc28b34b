namespace PayPerUse.Payments;

/// <summary>What made us look at a payment.</summary>
public enum PaymentTrigger
{
    /// <summary>The order was made.</summary>
    Checkout = 1,

    /// <summary>The provider's message.</summary>
    Webhook = 2,

    /// <summary>The customer came back.</summary>
    Return = 3,

    /// <summary>The customer's page asked.</summary>
    Poll = 4,

    /// <summary>The sweeper.</summary>
    Sweep = 5,

    /// <summary>The customer called it off, or chose another provider.</summary>
    Cancel = 6,

    /// <summary>A person on duty.</summary>
    Operator = 7,
}

/// <summary>One line of a payment's history: appended, never edited.</summary>
/// <param name="PaymentId">Which payment.</param>
/// <param name="From">The status before; null for the first.</param>
/// <param name="To">The status after.</param>
/// <param name="Trigger">What made us look.</param>
/// <param name="Detail">What a person should know, such as which field did not match; never a secret.</param>
/// <param name="At">When.</param>
/// <param name="By">Who did it, when a person or the app did; at most 64 characters.</param>
public sealed record PaymentEvent(
    string PaymentId,
    PaymentStatus? From,
    PaymentStatus To,
    PaymentTrigger Trigger,
    string? Detail,
    DateTimeOffset At,
    string? By = null
)
{
    /// <summary>What the app must hear of it; null for nothing. Kept by the store until it was given, and then no more.</summary>
    public PaymentNoticeKind? Notice { get; init; }
}

/// <summary>What an app hears of a payment.</summary>
public enum PaymentNoticeKind
{
    /// <summary>It was paid, and its credits are granted.</summary>
    Paid = 1,

    /// <summary>Its money went back, or came back to us.</summary>
    Refunded = 2,

    /// <summary>It waits for a person.</summary>
    Review = 3,
}
