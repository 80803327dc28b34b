using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PayPerUse.Payconiq.Signatures;
using PayPerUse.Payconiq.Wire;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>
/// The simulated bank's own keys, made at start, and what is signed with the newest. A new one is published beside the old, as the
/// real service does for 24 hours; then the old ones go.
/// </summary>
internal sealed class SimulatorKeys : IDisposable
{
    private const string Names = "https://payconiq.com/";

    private readonly Lock _changing = new();
    private readonly List<ECDsa> _all = [];
    private volatile Published _published = new([]);

    public SimulatorKeys() => Rotate();

    /// <summary>The ids of the published keys, the newest first.</summary>
    public IReadOnlyList<string> Ids => [.. _published.Keys.Select(k => k.Id)];

    /// <summary>Publishes a new key and signs with it from now on.</summary>
    public void Rotate()
    {
        lock (_changing)
        {
            var key = new Key(
                "simulator." + RandomNumberGenerator.GetHexString(16, lowercase: true),
                ECDsa.Create(ECCurve.NamedCurves.nistP256)
            );
            _all.Add(key.Pair);
            _published = new([key, .. _published.Keys]);
        }
    }

    /// <summary>Publishes the newest key only.</summary>
    public void RetireOld()
    {
        lock (_changing)
        {
            _published = new([_published.Keys[0]]);
        }
    }

    public JsonObject ToJwks() =>
        new()
        {
            ["keys"] = new JsonArray([
                .. _published.Keys.Select(k =>
                    (JsonNode)JsonWebKeys.Write(k.Id, k.Pair.ExportParameters(includePrivateParameters: false))
                ),
            ]),
        };

    /// <summary>Makes the detached JWS of a callback.</summary>
    public string Sign(byte[] body, string profileId, Uri callbackUrl, DateTimeOffset at, bool isDer)
    {
        var key = _published.Keys[0];
        var header = new JsonObject
        {
            ["typ"] = "jose+json",
            ["kid"] = key.Id,
            ["alg"] = "ES256",
            [Names + "iat"] = PayconiqTime.Write(at),
            [Names + "jti"] = RandomNumberGenerator.GetHexString(16, lowercase: true),
            [Names + "path"] = callbackUrl.AbsoluteUri,
            [Names + "iss"] = "Payconiq",
            [Names + "sub"] = profileId,
            ["crit"] = new JsonArray(Names + "iat", Names + "jti", Names + "path", Names + "iss", Names + "sub"),
        };
        var first = Base64UrlText.Encode(Encoding.UTF8.GetBytes(header.ToJsonString()));
        var input = Encoding.ASCII.GetBytes(first + "." + Base64UrlText.Encode(body));

        // One pair signs one message at a time.
        lock (key.Pair)
        {
            var signature = key.Pair.SignData(
                input,
                HashAlgorithmName.SHA256,
                isDer ? DSASignatureFormat.Rfc3279DerSequence : DSASignatureFormat.IeeeP1363FixedFieldConcatenation
            );
            return first + ".." + Base64UrlText.Encode(signature);
        }
    }

    public void Dispose() => _all.ForEach(k => k.Dispose());

    private sealed record Key(string Id, ECDsa Pair);

    private sealed record Published(ImmutableArray<Key> Keys);
}
