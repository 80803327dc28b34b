using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using PayPerUse.Payconiq.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Signatures;

/// <summary>
/// Signs our requests for refunds and their reconciliation with our own key, and publishes its public part: a detached JWS like that
/// of callbacks (refund API 3.0.3, reconciliation API 3.0.1).
/// </summary>
internal sealed class RequestSigner(IOptions<PayconiqOptions> options) : IPublishedKeys, IDisposable
{
    private const string Names = "https://payconiq.com/";

    private readonly Lazy<ECDsa?> _key = new(() => Read(options.Value.SigningKey, mustBePrivate: true));

    /// <summary>Whether there is a key to sign with.</summary>
    public bool CanSign => _key.Value is not null;

    public string ProviderId => PayconiqDefaults.ProviderId;

    public string? KeySet
    {
        get
        {
            using var other = Read(options.Value.OtherPublishedKey, mustBePrivate: false);
            var keys = new[] { _key.Value, other }.OfType<ECDsa>().Select(ToJwk).ToArray();
            return keys.Length == 0 ? null : new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString();
        }
    }

    /// <summary>Signs a request.</summary>
    /// <param name="body">The bytes of the body; none for a request without.</param>
    /// <param name="address">Where it goes; its path is signed.</param>
    /// <param name="issuer">In whose name.</param>
    /// <param name="at">Now.</param>
    /// <exception cref="InvalidOperationException">There is no key.</exception>
    public string Sign(byte[] body, Uri address, string issuer, DateTimeOffset at)
    {
        var key = _key.Value ?? throw new InvalidOperationException("There is no Payconiq:SigningKey to sign with.");
        var header = new JsonObject
        {
            ["typ"] = "jose+json",
            ["kid"] = SigningKeys.IdOf(key.ExportParameters(includePrivateParameters: false)),
            ["alg"] = "ES256",
            [Names + "sub"] = options.Value.ProfileId,
            [Names + "iss"] = issuer,
            [Names + "iat"] = PayconiqTime.Write(at),
            [Names + "jti"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
            [Names + "path"] = address.AbsolutePath,
            ["crit"] = new JsonArray(Names + "sub", Names + "iss", Names + "iat", Names + "jti", Names + "path"),
        };
        var first = Base64UrlText.Encode(Encoding.UTF8.GetBytes(header.ToJsonString()));
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(first + "." + Base64UrlText.Encode(body)),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
        return first + ".." + Base64UrlText.Encode(signature);
    }

    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value?.Dispose();
        }
    }

    // The validator has made sure that what is set can be read.
    private static ECDsa? Read(string? pem, bool mustBePrivate) =>
        !string.IsNullOrEmpty(pem) && SigningKeys.TryRead(pem, mustBePrivate, out var key) ? key : null;

    private static JsonNode ToJwk(ECDsa key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return JsonWebKeys.Write(SigningKeys.IdOf(parameters), parameters);
    }
}
