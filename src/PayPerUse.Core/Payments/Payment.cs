using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>Where a payment stands.</summary>
public enum PaymentStatus
{
    /// <summary>Waiting for the customer.</summary>
    Pending = 1,

    /// <summary>The provider is working on it, or the credits are about to be granted.</summary>
    Processing = 2,

    /// <summary>Paid, and the credits are granted. Partly refunded payments stay here.</summary>
    Paid = 3,

    /// <summary>The provider says that it failed.</summary>
    Failed = 4,

    /// <summary>The customer or we called it off.</summary>
    Canceled = 5,

    /// <summary>Nobody paid in time. Should the money arrive all the same, it is still granted, once.</summary>
    Expired = 6,

    /// <summary>All of the money went back.</summary>
    Refunded = 7,

    /// <summary>The customer's bank took the money back.</summary>
    Disputed = 8,

    /// <summary>What the provider says does not match our order; a person decides.</summary>
    Review = 9,
}

/// <summary>Whether money is real.</summary>
public enum PaymentMode
{
    /// <summary>Pretend money.</summary>
    Test = 1,

    /// <summary>Real money.</summary>
    Live = 2,
}

/// <summary>
/// Our order: at most one payment at a provider. The terms are frozen before anything is sent, so that neither a client nor a
/// message can change them.
/// </summary>
public sealed record Payment
{
    /// <summary>Our id, 32 lower-case hexadecimal characters from 128 random bits; the reference at the provider.</summary>
    public required string Id { get; init; }

    /// <summary>Who gets the credits.</summary>
    public required AccountId Account { get; init; }

    /// <summary>The pack's id.</summary>
    public required string Pack { get; init; }

    /// <summary>How many credits are granted.</summary>
    public required long Credits { get; init; }

    /// <summary>What is paid.</summary>
    public required Money Price { get; init; }

    /// <summary>How long the credits can be used after payment; null for ever.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The provider's id.</summary>
    public required string Provider { get; init; }

    /// <summary>Whether the money is real.</summary>
    public required PaymentMode Mode { get; init; }

    /// <summary>What the customer reads at the provider; at most 140 characters of the SEPA character set.</summary>
    public required string Description { get; init; }

    /// <summary>Where the provider sends its messages.</summary>
    public required Uri CallbackUrl { get; init; }

    /// <summary>Where the provider sends the customer afterwards: our return page, which settles.</summary>
    public required Uri ReturnPageUrl { get; init; }

    /// <summary>Where the app wants the customer after that; relative, or allow-listed. Null: the app's root.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>The version of the terms the customer agreed to, where consent is asked.</summary>
    public string? Consent { get; init; }

    /// <summary>The caller's idempotency key, where one was sent. Unique per account.</summary>
    public string? RequestKey { get; init; }

    /// <summary>When the order was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be paid: asked of the provider at creation, then as the provider says.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where it stands.</summary>
    public PaymentStatus Status { get; init; } = PaymentStatus.Pending;

    /// <summary>
    /// Unique while this payment is the open one of its account, pack, provider and mode; null afterwards. Made by
    /// <see cref="OpenKeyOf"/>.
    /// </summary>
    public string? OpenKey { get; init; }

    /// <summary>The provider's id of it; null until known.</summary>
    public string? ProviderPaymentId { get; init; }

    /// <summary>Where the customer pays; null until known.</summary>
    public Uri? CheckoutUrl { get; init; }

    /// <summary>When the provider says it was paid; saved before the credits are granted.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>How much went back, net; null when nothing did.</summary>
    public Money? Refunded { get; init; }

    /// <summary>How many of the credits were taken back.</summary>
    public long ReversedCredits { get; init; }

    /// <summary>When the provider was last asked; null when never.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When the sweeper looks again; null when there is nothing left to look for.</summary>
    public DateTimeOffset? NextCheckAt { get; init; }

    /// <summary>Goes up by one with every save; the guard of compare-and-set.</summary>
    public long Version { get; init; }

    /// <summary>The ledger's id for the credits of this payment.</summary>
    public string GrantId => "payment:" + Id;

    /// <summary>Whether the customer can still be sent to the provider.</summary>
    public bool IsOpen => Status is PaymentStatus.Pending or PaymentStatus.Processing;

    /// <summary>The unique key of an open payment.</summary>
    /// <param name="account">Who gets the credits.</param>
    /// <param name="pack">The pack's id.</param>
    /// <param name="provider">The provider's id.</param>
    /// <param name="mode">Whether the money is real.</param>
    public static string OpenKeyOf(AccountId account, string pack, string provider, PaymentMode mode) =>
        $"{account.Value}/{pack}/{provider}/{(mode == PaymentMode.Live ? "live" : "test")}";
}

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
public sealed record PaymentEvent(
    string PaymentId,
    PaymentStatus? From,
    PaymentStatus To,
    PaymentTrigger Trigger,
    string? Detail,
    DateTimeOffset At
);
