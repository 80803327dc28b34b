namespace PayPerUse.EfCore.Payments;

/// <summary>A row of <c>payments</c>. Instants are UTC milliseconds, money is in minor units.</summary>
internal sealed class PaymentRow
{
    public required string Id { get; set; }

    public required string Account { get; set; }

    public required string Pack { get; set; }

    public long Credits { get; set; }

    public long Amount { get; set; }

    public required string Currency { get; set; }

    public long? LifetimeMilliseconds { get; set; }

    public required string Provider { get; set; }

    public short Mode { get; set; }

    public required string Description { get; set; }

    public required string CallbackUrl { get; set; }

    public required string ReturnPageUrl { get; set; }

    public string? ReturnUrl { get; set; }

    public string? Consent { get; set; }

    public string? ConsentText { get; set; }

    public long? ConsentedAt { get; set; }

    public string? Language { get; set; }

    public string? RequestKey { get; set; }

    public long CreatedAt { get; set; }

    public long ExpiresAt { get; set; }

    public short Status { get; set; }

    public string? OpenKey { get; set; }

    public string? ProviderPaymentId { get; set; }

    public string? CheckoutUrl { get; set; }

    public long? PaidAt { get; set; }

    public long? RefundedAmount { get; set; }

    public long? DisputedAmount { get; set; }

    public long ReversedCredits { get; set; }

    public int Reversals { get; set; }

    /// <summary>The credits of the unfinished reversal: above 0 to be revoked, below 0 to be restored.</summary>
    public long? Reversal { get; set; }

    /// <summary>The refunds as JSON; null when there are none. They are few, and always read and saved with their payment.</summary>
    public string? Refunds { get; set; }

    /// <summary>What a person must still transfer, as the refunds say; null when nothing, so that those owed are found by it.</summary>
    public long? OwedAmount { get; set; }

    public string? ChargeId { get; set; }

    public long? GrantedAt { get; set; }

    public bool IsAccepted { get; set; }

    public long? CheckedAt { get; set; }

    public long? NextCheckAt { get; set; }

    public long Version { get; set; }
}

/// <summary>A row of <c>payment_events</c>: appended, never edited.</summary>
internal sealed class PaymentEventRow
{
    public long Id { get; set; }

    public required string PaymentId { get; set; }

    public short? From { get; set; }

    public short To { get; set; }

    public short Trigger { get; set; }

    public string? Detail { get; set; }

    public long At { get; set; }

    public string? By { get; set; }

    /// <summary>What the app must hear of it; null for nothing.</summary>
    public short? Notice { get; set; }

    /// <summary>When the app is told next; null when it was, or need not be.</summary>
    public long? NoticeAt { get; set; }
}

/// <summary>A row of <c>payment_cursors</c>: how far the list of a provider was read.</summary>
internal sealed class PaymentCursorRow
{
    public required string Feed { get; set; }

    public required string Cursor { get; set; }
}
