using System.Text.Json;
using PayPerUse.Payconiq.Wire;

namespace PayPerUse.Payconiq.Signatures;

/// <summary>What a callback's JWS header says, as far as anything follows from it.</summary>
/// <param name="KeyId">Which key signed.</param>
/// <param name="ProfileIds">The payment profile, in whichever spellings it is given; never empty.</param>
/// <param name="Path">What was called; not compared for callbacks, see <see cref="Read"/>.</param>
internal sealed record CallbackHeader(string KeyId, IReadOnlyList<string> ProfileIds, string? Path)
{
    private const string Names = "https://payconiq.com/";

    // One page of the specification lists these five, the callback page the first four with a plain "sub" beside them.
    private static readonly string[] KnownCritical =
    [
        Names + "iat",
        Names + "jti",
        Names + "path",
        Names + "iss",
        Names + "sub",
    ];

    /// <summary>
    /// Reads a header. What it deliberately does not look at: <c>jku</c> and <c>x5u</c> (keys come from the configured address
    /// only), the age in <c>iat</c> (the same bytes are sent again for up to 24 hours), and the value of <c>path</c>: genuine
    /// callbacks carry the full address where the specification speaks of a path, a proxy may show us another one, and a message
    /// for another profile is already refused by its <c>sub</c>.
    /// </summary>
    public static CallbackHeader? Read(byte[] json, string issuer, out string? error)
    {
        try
        {
            using var document = JsonDocument.Parse(
                json,
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 }
            );
            var header = document.RootElement;
            if (header.ValueKind != JsonValueKind.Object)
            {
                error = "its header is not a JSON object";
                return null;
            }

            error = ErrorOf(header, issuer);
            return error is null
                ? new CallbackHeader(
                    Text(header, "kid")!,
                    [.. new[] { Text(header, Names + "sub"), Text(header, "sub") }.OfType<string>()],
                    Text(header, Names + "path")
                )
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Text that is no valid Unicode shows itself only when it is read.
            error = "its header is not JSON with each name once";
            return null;
        }
    }

    private static string? ErrorOf(JsonElement header, string issuer) =>
        !string.Equals(Text(header, "typ"), "jose+json", StringComparison.OrdinalIgnoreCase)
            ? "its typ is not jose+json"
        : Text(header, "alg") != "ES256" ? "its alg is not ES256"
        : Text(header, "kid") is not { Length: >= 1 and <= 256 } ? "it names no key"
        : Text(header, Names + "iss") != issuer ? "its issuer is not " + issuer
        : PayconiqTime.Read(Text(header, Names + "iat")) is null ? "it has no time of issue"
        : !HasSubject(header) ? "it names no payment profile"
        : !AreCriticalNamesKnown(header) ? "it has a critical name that is unknown or missing"
        : null;

    private static bool HasSubject(JsonElement header) =>
        IsTextOrMissing(header, Names + "sub")
        && IsTextOrMissing(header, "sub")
        && (Text(header, Names + "sub") ?? Text(header, "sub")) is not null;

    private static bool AreCriticalNamesKnown(JsonElement header)
    {
        if (!header.TryGetProperty("crit", out var critical))
        {
            return true;
        }

        // RFC 7515 section 4.1.11: not empty, no name twice, every name present in the header.
        if (critical.ValueKind != JsonValueKind.Array || critical.GetArrayLength() == 0)
        {
            return false;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return critical
            .EnumerateArray()
            .All(name =>
                name.ValueKind == JsonValueKind.String
                && KnownCritical.Contains(name.GetString())
                && header.TryGetProperty(name.GetString()!, out _)
                && seen.Add(name.GetString()!)
            );
    }

    private static string? Text(JsonElement header, string name) =>
        header.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static bool IsTextOrMissing(JsonElement header, string name) =>
        !header.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.String;
}
