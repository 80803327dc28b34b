using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PayPerUse.Payconiq.Signatures;

/// <summary>A JSON Web Key Set (RFC 7517), of which only P-256 keys for signatures count.</summary>
internal static class JsonWebKeys
{
    /// <summary>Reads a key set.</summary>
    /// <exception cref="JsonException">It is not a key set.</exception>
    public static ILookup<string, ECParameters> Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        if (
            document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("keys", out var keys)
            || keys.ValueKind != JsonValueKind.Array
        )
        {
            throw new JsonException("It has no array 'keys'.");
        }

        return keys.EnumerateArray()
            .Select(key => (Id: Text(key, "kid"), Parameters: Parse(key)))
            .Where(key => key is { Id.Length: > 0, Parameters: not null })
            .ToLookup(key => key.Id!, key => key.Parameters!.Value, StringComparer.Ordinal);
    }

    /// <summary>Writes the public part of a key.</summary>
    public static JsonObject Write(string keyId, ECParameters key) =>
        new()
        {
            ["kty"] = "EC",
            ["use"] = "sig",
            ["crv"] = "P-256",
            ["alg"] = "ES256",
            ["kid"] = keyId,
            ["x"] = Base64UrlText.Encode(key.Q.X),
            ["y"] = Base64UrlText.Encode(key.Q.Y),
        };

    private static ECParameters? Parse(JsonElement key)
    {
        if (
            key.ValueKind != JsonValueKind.Object
            || Text(key, "kty") != "EC"
            || Text(key, "crv") != "P-256"
            || Text(key, "alg") is not (null or "ES256")
            || Text(key, "use") is not (null or "sig")
            || Base64UrlText.Decode(Text(key, "x") ?? "") is not { Length: 32 } x
            || Base64UrlText.Decode(Text(key, "y") ?? "") is not { Length: 32 } y
        )
        {
            return null;
        }

        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = x, Y = y },
        };
        try
        {
            // A point that is not on the curve is no key.
            using var _ = ECDsa.Create(parameters);
            return parameters;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement key, string name) =>
        key.ValueKind == JsonValueKind.Object
        && key.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
