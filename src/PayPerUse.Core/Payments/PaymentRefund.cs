namespace PayPerUse.Payments;

/// <summary>How we came to know of a refund.</summary>
public enum PaymentRefundSource
{
    /// <summary>We asked the provider for it.</summary>
    Asked = 1,

    /// <summary>The provider told us of it (<see cref="IReversalFeed"/>): made in its portal.</summary>
    Told = 2,

    /// <summary>A person recorded it: made by hand where we cannot see it.</summary>
    Recorded = 3,

    /// <summary>A customer is owed it and a person must transfer it: the provider cannot.</summary>
    ByHand = 4,
}

/// <summary>How a refund stands.</summary>
public enum PaymentRefundStatus
{
    /// <summary>Decided here; whether the provider knows it is not known.</summary>
    Requested = 1,

    /// <summary>The provider has it; the money has not arrived.</summary>
    Pending = 2,

    /// <summary>The money went back.</summary>
    Succeeded = 3,

    /// <summary>It certainly did not and will not go back.</summary>
    Failed = 4,
}

/// <summary>One refund of a payment.</summary>
public sealed record PaymentRefund
{
    /// <summary>
    /// Our id of it and the idempotency key at the provider: at most 64 of a–z, 0–9 and <c>-</c>, the same for every try.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>How we came to know of it.</summary>
    public required PaymentRefundSource Source { get; init; }

    /// <summary>How much.</summary>
    public required Money Amount { get; init; }

    /// <summary>How it stands.</summary>
    public required PaymentRefundStatus Status { get; init; }

    /// <summary>When we decided on it, or first heard of it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The provider's id of it; null until known. For one recorded by hand: its reference, of whatever kind.</summary>
    public string? ProviderRefundId { get; init; }

    /// <summary>The caller's idempotency key; null when none was given.</summary>
    public string? RequestKey { get; init; }

    /// <summary>Who asked for or recorded it.</summary>
    public string? By { get; init; }

    /// <summary>Whether the provider, or a person, says that the money has gone or is on its way.</summary>
    public bool Counts => Status is PaymentRefundStatus.Pending or PaymentRefundStatus.Succeeded;

    /// <summary>Whether somebody must still look how it ends.</summary>
    public bool IsOpen =>
        Source is not (PaymentRefundSource.Recorded or PaymentRefundSource.ByHand)
        && Status is PaymentRefundStatus.Requested or PaymentRefundStatus.Pending;

    /// <summary>Whether a person must still transfer it, and then record it.</summary>
    public bool IsOwed => Source == PaymentRefundSource.ByHand && Status == PaymentRefundStatus.Pending;

    /// <summary>This refund with what the provider says of it.</summary>
    /// <param name="said">What the provider says.</param>
    public PaymentRefund With(ProviderRefund said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return this with { ProviderRefundId = said.ProviderRefundId, Status = said.Status, Amount = said.Amount };
    }
}
