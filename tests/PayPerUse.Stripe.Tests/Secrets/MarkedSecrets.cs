using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PayPerUse.Stripe.Tests.Secrets;

/// <summary>Secrets that occur nowhere else, and what each looks like in disguise.</summary>
internal sealed class MarkedSecrets
{
    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);
    private readonly List<string> _codes = [];

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
            .Select(m => m.Key)
            .Concat(_codes.Where(c => Regex.IsMatch(text, $"(?<![0-9A-Za-z.]){c}(?![0-9A-Za-z])")));

    /// <summary>A secret that was made during the story; <paramref name="secret"/> is too long to occur by chance.</summary>
    public string Add(string name, string secret)
    {
        Assert.True(secret.Length >= 32, name);
        return Mark(name, secret);
    }

    /// <summary>A code of six digits: only found where it stands alone, for any longer number may hold it by chance.</summary>
    public void AddCode(string code) => _codes.Add(code);

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
