using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PayPerUse.Payconiq.Wire;

/// <summary>One call of the API.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query below the base address.</param>
internal sealed record PayconiqCall(HttpMethod Method, string Path)
{
    /// <summary>The body; null for none.</summary>
    public byte[]? Json { get; init; }

    /// <summary>Whether it changes something there, so that a lost answer leaves us in doubt.</summary>
    public bool HasEffect { get; init; }

    /// <summary>Whether it may be sent again: it only reads, or doing it twice is doing it once.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>
    /// Whether a refusal (4xx) of this try says that there certainly is no effect, of an earlier try either.
    /// </summary>
    public bool IsRefusalFinal { get; init; } = true;

    /// <summary>Under which key the API knows the same request again; null for calls without.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether it carries our signature.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Whom the signature names as its maker; only for signed calls.</summary>
    public string Issuer { get; init; } = RequestIssuer;

    /// <summary>The specification has merchants sign refunds in the name of the scheme.</summary>
    public const string RequestIssuer = "Payconiq";

    /// <summary>For messages: never the query, which may name what is searched.</summary>
    public string Name => $"{Method} {Path.Split('?')[0]}";

    public static byte[] Body<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);
}
