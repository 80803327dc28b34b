using System.Security.Cryptography;
using System.Text;

namespace PayPerUse.Stripe.Tests.Secrets;

/// <summary>Secrets that occur nowhere else, and what each looks like in disguise.</summary>
internal sealed class MarkedSecrets
{
    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);

    public MarkedSecrets()
    {
        StripeKey = Mark("Stripe:ApiKey", "sk_test_" + Random());
        StripeLiveKey = Mark("a live Stripe:ApiKey", "sk_live_" + Random());
        WebhookSecret = Mark("Stripe:WebhookSecret", "whsec_" + Random());
        PayconiqKey = Mark("Payconiq:ApiKey", Random());
        Password = Mark("the connection string's password", Random());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SigningKey = key.ExportECPrivateKeyPem();
        var d = key.ExportParameters(includePrivateParameters: true).D!;
        foreach (var line in SigningKey.Split('\n').Where(l => l.Length > 40 && !l.StartsWith('-')).Take(1))
        {
            Mark("Payconiq:SigningKey", line.Trim());
        }

        Mark("the number of Payconiq:SigningKey", Convert.ToBase64String(d).TrimEnd('='));
        Mark(
            "the number of Payconiq:SigningKey in a JWK",
            Convert.ToBase64String(d).TrimEnd('=').Replace('+', '-').Replace('/', '_')
        );
    }

    public string StripeKey { get; }

    public string StripeLiveKey { get; }

    public string WebhookSecret { get; }

    public string PayconiqKey { get; }

    public string Password { get; }

    public string SigningKey { get; }

    /// <summary>The names of the secrets that a text gives away.</summary>
    public IEnumerable<string> FindIn(string text) =>
        _marks
            .Where(m => Disguises(m.Value).Any(d => text.Contains(d, StringComparison.OrdinalIgnoreCase)))
            .Select(m => m.Key);

    private string Mark(string name, string secret) => _marks[name] = secret;

    private static string[] Disguises(string secret) =>
        [
            secret,
            // Whatever only a part of it was cut from.
            secret[^20..],
            Uri.EscapeDataString(secret),
            Convert.ToHexString(Encoding.UTF8.GetBytes(secret)),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
            // As in "Basic …", with a colon behind the user.
            Convert.ToBase64String(Encoding.UTF8.GetBytes(secret + ":")),
        ];

    private static string Random() => RandomNumberGenerator.GetHexString(40, lowercase: true);
}
