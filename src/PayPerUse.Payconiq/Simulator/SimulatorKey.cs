using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PayPerUse.Payconiq.Signatures;
using PayPerUse.Payconiq.Wire;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>The simulated bank's own key, made at start, and what is signed with it.</summary>
internal sealed class SimulatorKey : IDisposable
{
    private const string Names = "https://payconiq.com/";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _id = "simulator." + RandomNumberGenerator.GetHexString(16, lowercase: true);

    public JsonObject ToJwks()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "EC",
                    ["use"] = "sig",
                    ["crv"] = "P-256",
                    ["alg"] = "ES256",
                    ["kid"] = _id,
                    ["x"] = Base64UrlText.Encode(point.X),
                    ["y"] = Base64UrlText.Encode(point.Y),
                }
            ),
        };
    }

    /// <summary>Makes the detached JWS of a callback.</summary>
    public string Sign(byte[] body, string profileId, Uri callbackUrl, DateTimeOffset at)
    {
        var header = new JsonObject
        {
            ["typ"] = "jose+json",
            ["kid"] = _id,
            ["alg"] = "ES256",
            [Names + "iat"] = PayconiqTime.Write(at),
            [Names + "jti"] = RandomNumberGenerator.GetHexString(16, lowercase: true),
            [Names + "path"] = callbackUrl.AbsoluteUri,
            [Names + "iss"] = "Payconiq",
            [Names + "sub"] = profileId,
            ["crit"] = new JsonArray(Names + "iat", Names + "jti", Names + "path", Names + "iss", Names + "sub"),
        };
        var first = Base64UrlText.Encode(Encoding.UTF8.GetBytes(header.ToJsonString()));
        var signature = _key.SignData(
            Encoding.ASCII.GetBytes(first + "." + Base64UrlText.Encode(body)),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
        return first + ".." + Base64UrlText.Encode(signature);
    }

    public void Dispose() => _key.Dispose();
}
