namespace PayPerUse.Payments;

/// <summary>How a payment stands at its provider.</summary>
public enum ProviderPaymentStatus
{
    /// <summary>Waiting for the customer; unknown statuses too.</summary>
    Pending = 1,

    /// <summary>The customer has done their part; the money is not certain.</summary>
    Processing = 2,

    /// <summary>The money is ours.</summary>
    Paid = 3,

    /// <summary>It failed.</summary>
    Failed = 4,

    /// <summary>It was called off.</summary>
    Canceled = 5,

    /// <summary>Nobody paid in time.</summary>
    Expired = 6,
}

/// <summary>What a provider says of a payment: only the fields we name, never the payer's name or account.</summary>
public sealed record ProviderPayment
{
    /// <summary>The provider's id of it.</summary>
    public required string ProviderPaymentId { get; init; }

    /// <summary>How it stands.</summary>
    public required ProviderPaymentStatus Status { get; init; }

    /// <summary>The amount it is for.</summary>
    public required Money Amount { get; init; }

    /// <summary>Our reference as the provider has it; must equal our payment's id.</summary>
    public required string? Reference { get; init; }

    /// <summary>Whether the money is real.</summary>
    public required PaymentMode Mode { get; init; }

    /// <summary>Where the customer pays, while that is possible and the provider tells.</summary>
    public Uri? CheckoutUrl { get; init; }

    /// <summary>Until when it can be paid; null when the provider does not tell.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was paid; null when it was not, or the provider does not tell.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>
    /// The provider's id of the money that moved, where refunds and disputes name that instead of
    /// <see cref="ProviderPaymentId"/> (Stripe's payment intent); null where there is no such id, or not yet.
    /// </summary>
    public string? ChargeId { get; init; }

    /// <summary>
    /// What of the money went back; null when the provider does not tell that of a payment. Then what counts is the refunds we
    /// know: those we asked for, those its <see cref="IReversalFeed"/> told of, and those a person recorded.
    /// </summary>
    public ProviderReversals? Reversals { get; init; }

    /// <summary>The provider's own word for the status, for the payment's history.</summary>
    public string? Detail { get; init; }
}
