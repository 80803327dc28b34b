using System.Text.RegularExpressions;

namespace PayPerUse.Stripe;

/// <summary>What keys look like, so that a wrong one is found at start and a right one never shows up in a message.</summary>
internal static partial class StripeSecrets
{
    public static bool IsApiKey(string? key) => key is not null && ApiKey().IsMatch(key);

    public static bool IsWebhookSecret(string? secret) => secret is not null && WebhookSecret().IsMatch(secret);

    public static bool IsLive(string? key) => key?.Contains("_live_", StringComparison.Ordinal) == true;

    /// <summary>Takes everything that looks like a secret out of a text, also in the shortened form that Stripe itself writes.</summary>
    public static string Redact(string text) => Any().Replace(text, "(secret)");

    [GeneratedRegex(@"^(sk|rk)_(test|live)_[A-Za-z0-9]{8,}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ApiKey();

    [GeneratedRegex(@"^whsec_[A-Za-z0-9+/=_-]{8,}\z", RegexOptions.CultureInvariant)]
    private static partial Regex WebhookSecret();

    [GeneratedRegex(@"\b((sk|rk|pk)_(test|live)_|whsec_)[A-Za-z0-9+/=_*.…-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Any();
}
