using PayPerUse.Payments;

namespace PayPerUse.Stripe;

/// <summary>Names and addresses that hold unless the options say otherwise.</summary>
public static class StripeDefaults
{
    /// <summary>The provider's id, in addresses and rows.</summary>
    public const string ProviderId = "stripe";

    /// <summary>What people who pay see.</summary>
    public const string DisplayName = "Stripe";

    /// <summary>Stripe's API. Test and live differ by the key, not by the host.</summary>
    public const string ApiBase = "https://api.stripe.com";

    /// <summary>The header that carries a webhook's signature.</summary>
    public const string SignatureHeader = "Stripe-Signature";

    /// <summary>Stripe's listed fee for European cards: 1.5 % and 0.25 EUR. Your contract may say otherwise.</summary>
    /// <param name="price">What the customer pays.</param>
    /// <returns>The fee without taxes, to the nearest cent; null for other currencies than EUR.</returns>
    internal static Money? FeeOf(Money price) =>
        price.Currency == "EUR" ? new Money((price.Amount * 15 + 500) / 1000 + 25, price.Currency) : null;

    /// <summary>How old a webhook's signature may be; the value Stripe's own libraries use.</summary>
    public static readonly TimeSpan SignatureTolerance = TimeSpan.FromSeconds(300);
}
