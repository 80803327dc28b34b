using System.Collections.Immutable;
using System.Text.Json;

namespace PayPerUse.Stripe.Wire;

/// <summary>The few fields of an event that say which payment to look at; they are the same in every API version.</summary>
internal sealed record EventMessage
{
    /// <summary>The events about a checkout.</summary>
    public static readonly ImmutableArray<string> SessionTypes =
    [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    ];

    /// <summary>The events about money that goes back; at most 20, or Stripe's event list cannot be asked for them at once.</summary>
    public static readonly ImmutableArray<string> ReversalTypes =
    [
        "charge.refunded",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ];

    /// <summary>The event's own id.</summary>
    public string? Id { get; private init; }

    /// <summary><c>event</c> for a snapshot event.</summary>
    public string? Object { get; private init; }

    public string? ApiVersion { get; private init; }

    public bool IsLive { get; private init; }

    /// <summary>Our payment's id; null when the event does not tell of one.</summary>
    public string? PaymentId { get; private init; }

    /// <summary>The session's id; null when the event is about no session of ours.</summary>
    public string? SessionId { get; private init; }

    /// <summary>The payment intent whose money goes back; null when the event is about something else.</summary>
    public string? PaymentIntent { get; private init; }

    /// <exception cref="JsonException">The body is no JSON object.</exception>
    public static EventMessage Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? Read(document.RootElement)
            : throw new JsonException("An event is a JSON object.");
    }

    /// <summary>Reads an event that is an object.</summary>
    public static EventMessage Read(JsonElement root)
    {
        var type = Text(root, "type") ?? "";
        var subject = Child(root, "data") is { } data ? Child(data, "object") : null;
        var message = new EventMessage
        {
            Id = Text(root, "id"),
            Object = Text(root, "object"),
            ApiVersion = Text(root, "api_version"),
            IsLive = root.TryGetProperty("livemode", out var live) && live.ValueKind == JsonValueKind.True,
        };
        return subject is not { } about ? message
            : SessionTypes.Contains(type) ? message.OfSession(about)
            : ReversalTypes.Contains(type) ? message.OfReversal(about)
            : message;
    }

    /// <summary>Only what has our metadata is ours: see <see cref="SessionRequest.ReferenceOf"/>.</summary>
    private EventMessage OfSession(JsonElement session) =>
        Ours(Text(session, "client_reference_id")) is { } paymentId
        && Child(session, "metadata") is { } metadata
        && Text(metadata, SessionRequest.MetadataKey) == paymentId
            ? this with
            {
                PaymentId = paymentId,
                SessionId = Text(session, "id"),
            }
            : this;

    /// <summary>Of a refund, a dispute or a charge. A charge has the metadata that we gave its payment intent.</summary>
    private EventMessage OfReversal(JsonElement subject) =>
        this with
        {
            PaymentId = Child(subject, "metadata") is { } metadata
                ? Ours(Text(metadata, SessionRequest.MetadataKey))
                : null,
            PaymentIntent =
                Text(subject, "payment_intent")
                ?? (Child(subject, "payment_intent") is { } expanded ? Text(expanded, "id") : null),
        };

    /// <summary>Our ids are 32 lower-case hexadecimal characters; other products of the account have other references, or none.</summary>
    private static string? Ours(string? reference) =>
        reference is { Length: 32 } && reference.All(char.IsAsciiHexDigitLower) ? reference : null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static JsonElement? Child(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;
}
