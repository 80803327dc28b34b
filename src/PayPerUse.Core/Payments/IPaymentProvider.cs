namespace PayPerUse.Payments;

/// <summary>A company that takes payments. The seam a provider package implements.</summary>
public interface IPaymentProvider
{
    /// <summary>The id in addresses and rows, such as <c>stripe</c>: 1 to 32 of a–z, 0–9 and <c>-</c>.</summary>
    string Id { get; }

    /// <summary>What customers see.</summary>
    string DisplayName { get; }

    /// <summary>Whether its money is real, as told by its keys or hosts.</summary>
    PaymentMode Mode { get; }

    /// <summary>How long a new checkout can be paid, as far as we choose it; frozen into the order before it is sent.</summary>
    TimeSpan CheckoutTime { get; }

    /// <summary>Says why a pack cannot be sold here (currency, minimum), naming the fix; null when it can. Asked at start.</summary>
    /// <param name="pack">A pack.</param>
    string? RefusePack(CreditPack pack);

    /// <summary>
    /// Starts a checkout for an order whose terms are frozen. Never blindly repeated by callers: after an unknown outcome they
    /// look with <see cref="GetPaymentAsync"/> first, unless <see cref="CanRepeatStart"/>.
    /// </summary>
    /// <param name="payment">Our order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentProviderException">There is no checkout, or we cannot know.</exception>
    Task<ProviderPayment> StartCheckoutAsync(Payment payment, CancellationToken cancellationToken);

    /// <summary>
    /// Whether starting the same order again is safe (the provider keeps our idempotency key) and answers the same checkout.
    /// </summary>
    bool CanRepeatStart { get; }

    /// <summary>
    /// Asks the provider how a payment stands: by its provider id, or by our reference when that is not known yet.
    /// </summary>
    /// <param name="payment">Our order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the provider says; null when it has no such payment.</returns>
    /// <exception cref="PaymentProviderException">The provider did not answer.</exception>
    Task<ProviderPayment?> GetPaymentAsync(Payment payment, CancellationToken cancellationToken);

    /// <summary>
    /// Calls off a payment that nobody has paid yet. When it can no longer be called off nothing happens: the caller asks
    /// <see cref="GetPaymentAsync"/> afterwards in either case.
    /// </summary>
    /// <param name="payment">Our order, with its provider id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentProviderException">The provider did not answer.</exception>
    Task CancelAsync(Payment payment, CancellationToken cancellationToken);
}

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

    /// <summary>The provider's own word for the status, for the payment's history.</summary>
    public string? Detail { get; init; }
}

/// <summary>What a failed call to a provider means.</summary>
public enum PaymentProviderFailure
{
    /// <summary>Nothing happened there and it may work later (could not connect, circuit open, 429 before any effect).</summary>
    Unavailable = 1,

    /// <summary>It may have happened there (time-out, connection lost, 5xx after sending).</summary>
    Unknown = 2,

    /// <summary>It refused: our keys, our settings or our request are wrong; trying again does not help.</summary>
    Rejected = 3,
}

/// <summary>A provider did not do what was asked.</summary>
public sealed class PaymentProviderException : PayPerUseException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="failure">What it means.</param>
    /// <param name="message">What went wrong, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public PaymentProviderException(
        string provider,
        PaymentProviderFailure failure,
        string message,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        Provider = provider;
        Failure = failure;
    }

    /// <summary>The provider's id.</summary>
    public string Provider { get; }

    /// <summary>What it means.</summary>
    public PaymentProviderFailure Failure { get; }
}
