using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PayPerUse.Payconiq.Tests.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Signatures;

/// <summary>Signs callbacks as Payconiq does, written apart from the code under test.</summary>
internal sealed class Signer(string keyId = "k1") : IDisposable
{
    private const string N = "https://payconiq.com/";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public const string Body =
        """{"paymentId":"0bac0a7a1cda0f1e0a3f5b6c","reference":"0123456789abcdef0123456789abcdef","status":"SUCCEEDED"}""";

    public string Jwk
    {
        get
        {
            var q = _key.ExportParameters(false).Q;
            return $$"""{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"{{keyId}}","x":"{{Base64Url.EncodeToString(q.X)}}","y":"{{Base64Url.EncodeToString(q.Y)}}"}""";
        }
    }

    public string Jwks => $$"""{"keys":[{{Jwk}}]}""";

    public JsonObject Header() =>
        new()
        {
            ["typ"] = "JOSE+JSON",
            ["kid"] = keyId,
            ["alg"] = "ES256",
            [N + "iat"] = "2026-11-24T02:00:00.123456789Z",
            [N + "jti"] = "1",
            [N + "path"] = "https://sint.example/payments/webhook/payconiq",
            [N + "iss"] = "Payconiq",
            [N + "sub"] = FakeApi.ProfileId,
            ["crit"] = new JsonArray(N + "iat", N + "jti", N + "path", N + "iss", N + "sub"),
        };

    public WebhookMessage Message(
        Action<JsonObject>? change = null,
        string body = Body,
        DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation
    )
    {
        var header = Header();
        change?.Invoke(header);
        return Raw(header.ToJsonString(), body, format);
    }

    public WebhookMessage Raw(
        string header,
        string body = Body,
        DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation
    )
    {
        var first = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header));
        var input = Encoding.ASCII.GetBytes(first + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(body)));
        var signature = _key.SignData(input, HashAlgorithmName.SHA256, format);
        return Message($"{first}..{Base64Url.EncodeToString(signature)}", Encoding.UTF8.GetBytes(body));
    }

    public static WebhookMessage Message(string signature, byte[] body) =>
        new(new Dictionary<string, string> { ["Signature"] = signature }, body);

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public static byte[] Decode(string text) => Base64Url.DecodeFromChars(text);

    public void Dispose() => _key.Dispose();
}
