using PayPerUse.Credits;

namespace PayPerUse.Payments;

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

    /// <summary>
    /// Where a provider that can tell sends a customer who turned back without paying: our return page, which then waits for nothing.
    /// </summary>
    public Uri TurnBackUrl => new(ReturnPageUrl, "?back");

    /// <summary>Where the app wants the customer after that; relative, or allow-listed. Null: the app's root.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>The version of the terms the customer agreed to, where consent is asked.</summary>
    public string? Consent { get; init; }

    /// <summary>What the customer agreed to, in the words that were shown; null where no consent is required.</summary>
    public string? ConsentText { get; init; }

    /// <summary>When the customer agreed; null when that was not asked.</summary>
    public DateTimeOffset? ConsentedAt { get; init; }

    /// <summary>The language in which the customer ordered, such as <c>nl</c>: what is sent later is written in it. Null: not known.</summary>
    public string? Language { get; init; }

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

    /// <summary>The provider's id of the money, see <see cref="ProviderPayment.ChargeId"/>; null until known.</summary>
    public string? ChargeId { get; init; }

    /// <summary>When the credits were granted; null while they are not.</summary>
    public DateTimeOffset? GrantedAt { get; init; }

    /// <summary>How much went back by refunds, net of failed ones; null when nothing did.</summary>
    public Money? Refunded { get; init; }

    /// <summary>How much the customer's bank holds by disputes; null when nothing.</summary>
    public Money? Disputed { get; init; }

    /// <summary>How much went back, by refunds and disputes together, in minor units.</summary>
    internal long GoneBack => (Refunded?.Amount ?? 0) + (Disputed?.Amount ?? 0);

    /// <summary>How many of the credits are taken back now.</summary>
    public long ReversedCredits { get; init; }

    /// <summary>How many reversals there have been; the next one has the number after it.</summary>
    public int Reversals { get; init; }

    /// <summary>The reversal that the ledger may not have heard of yet; null when there is none.</summary>
    public PaymentReversal? Reversal { get; init; }

    /// <summary>The refunds that we know one by one; see <see cref="PaymentRefunds"/>.</summary>
    public PaymentRefunds Refunds { get; init; } = PaymentRefunds.None;

    /// <summary>Whether a person has accepted that the provider's payment does not match our order.</summary>
    public bool IsAccepted { get; init; }

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

    /// <summary>Whether the credits are granted and nobody has doubts: money can only go back from here.</summary>
    public bool IsGranted => Status is PaymentStatus.Paid or PaymentStatus.Refunded or PaymentStatus.Disputed;

    /// <summary>The unique key of an open payment.</summary>
    /// <param name="account">Who gets the credits.</param>
    /// <param name="pack">The pack's id.</param>
    /// <param name="provider">The provider's id.</param>
    /// <param name="mode">Whether the money is real.</param>
    public static string OpenKeyOf(AccountId account, string pack, string provider, PaymentMode mode) =>
        $"{account.Value}/{pack}/{provider}/{(mode == PaymentMode.Live ? "live" : "test")}";
}
