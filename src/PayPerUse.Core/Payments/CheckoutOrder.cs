using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>What a customer wants to buy.</summary>
/// <param name="Account">Who gets the credits.</param>
/// <param name="Pack">The pack's id.</param>
public sealed record CheckoutOrder(AccountId Account, string Pack)
{
    /// <summary>How long a language's tag can be, in characters.</summary>
    public const int MaxLanguageLength = 35;

    /// <summary>The provider's id; null for the default one.</summary>
    public string? Provider { get; init; }

    /// <summary>Where the customer goes after paying: a path of this app, or an address of an allowed origin.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>The version of the terms the customer agreed to.</summary>
    public string? Consent { get; init; }

    /// <summary>
    /// The language in which the customer orders, and read what is agreed to: two letters, such as <c>nl</c>, or a longer tag of
    /// BCP 47 of at most <see cref="MaxLanguageLength"/> characters.
    /// </summary>
    public string Language { get; init; } = "en";

    /// <summary>The caller's idempotency key: the same key answers the same payment.</summary>
    public string? RequestKey { get; init; }
}

/// <summary>How an order ended.</summary>
public enum CheckoutStatus
{
    /// <summary>There is a new payment.</summary>
    Created = 1,

    /// <summary>The payment that was already open (or that the request key made) is returned again.</summary>
    Open = 2,

    /// <summary>There is no such pack.</summary>
    UnknownPack = 3,

    /// <summary>There is no such provider.</summary>
    UnknownProvider = 4,

    /// <summary>The return address is neither relative nor of an allowed origin.</summary>
    InvalidReturnUrl = 5,

    /// <summary>The customer must first agree to the current terms.</summary>
    ConsentRequired = 6,

    /// <summary>The request key was used for another pack or provider.</summary>
    KeyReused = 7,

    /// <summary>The provider did not answer or refused us; trying again later may help.</summary>
    ProviderUnavailable = 8,
}

/// <summary>What an order came to.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Payment">The payment, when there is one to pay or to look at.</param>
/// <param name="Error">Which field is wrong and how to mend it, or why there is no payment.</param>
public sealed record CheckoutResult(CheckoutStatus Status, Payment? Payment = null, string? Error = null);

/// <summary>What calling off a payment came to.</summary>
/// <param name="IsCanceled">Whether it is called off now.</param>
/// <param name="Payment">The payment as it stands; null when there is none of that id.</param>
public sealed record CancelResult(bool IsCanceled, Payment? Payment);
