using System.Text.Json;

namespace PayPerUse.Stripe.Wire;

/// <summary>The few fields of an event that say which payment to look at.</summary>
internal sealed record EventMessage
{
    private static readonly HashSet<string> SessionEvents = new(StringComparer.Ordinal)
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    };

    /// <summary><c>event</c> for a snapshot event.</summary>
    public string? Object { get; private init; }

    public string? ApiVersion { get; private init; }

    public bool IsLive { get; private init; }

    /// <summary>Our payment's id; null when the event does not concern a session of ours.</summary>
    public string? PaymentId { get; private init; }

    /// <summary>The session's id.</summary>
    public string? SessionId { get; private init; }

    /// <exception cref="JsonException">The body is no JSON object.</exception>
    public static EventMessage Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("An event is a JSON object.");
        }

        var session =
            Text(root, "type") is { } type && SessionEvents.Contains(type) && Child(root, "data") is { } data
                ? Child(data, "object")
                : null;
        var reference = session is { } s ? Text(s, "client_reference_id") : null;
        return new EventMessage
        {
            Object = Text(root, "object"),
            ApiVersion = Text(root, "api_version"),
            IsLive = root.TryGetProperty("livemode", out var live) && live.ValueKind == JsonValueKind.True,
            PaymentId = IsOurs(reference) ? reference : null,
            SessionId = session is { } of ? Text(of, "id") : null,
        };
    }

    /// <summary>Our ids are 32 lower-case hexadecimal characters; other products of the account have other references, or none.</summary>
    private static bool IsOurs(string? reference) =>
        reference is { Length: 32 } && reference.All(char.IsAsciiHexDigitLower);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static JsonElement? Child(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;
}
