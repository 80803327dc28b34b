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

    /// <summary>How old a webhook's signature may be; the value Stripe's own libraries use.</summary>
    public static readonly TimeSpan SignatureTolerance = TimeSpan.FromSeconds(300);
}
