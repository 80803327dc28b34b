using System.Text.Json;
using System.Text.Json.Serialization;

namespace PayPerUse.Payconiq.Wire;

/// <summary>What we send to make a payment.</summary>
internal sealed record CreateRequest
{
    public required long Amount { get; init; }
    public required string Currency { get; init; }
    public required string Reference { get; init; }
    public string? Description { get; init; }
    public required string CallbackUrl { get; init; }
    public string? ReturnUrl { get; init; }
}

/// <summary>What we send to find a payment by our reference. Without <c>from</c> the API looks back to yesterday only.</summary>
internal sealed record SearchRequest
{
    public required string From { get; init; }
    public required string Reference { get; init; }
}

/// <summary>A payment as the API tells it: only the fields we name, so that no payer's name or account is ever kept.</summary>
internal sealed record PaymentAnswer
{
    public string? PaymentId { get; init; }
    public string? Status { get; init; }
    public long? Amount { get; init; }
    public string? Currency { get; init; }
    public string? Reference { get; init; }

    /// <summary>Creating says <c>expiresAt</c>…</summary>
    public string? ExpiresAt { get; init; }

    /// <summary>…where reading and callbacks say <c>expireAt</c>.</summary>
    public string? ExpireAt { get; init; }
    public string? SucceededAt { get; init; }

    [JsonPropertyName("_links")]
    public PaymentLinks? Links { get; init; }
}

internal sealed record PaymentLinks
{
    public PaymentLink? Deeplink { get; init; }
    public PaymentLink? Checkout { get; init; }
}

internal sealed record PaymentLink
{
    public string? Href { get; init; }
}

/// <summary>One page of a search, newest first.</summary>
internal sealed record SearchAnswer
{
    public int? TotalPages { get; init; }
    public IReadOnlyList<PaymentAnswer>? Details { get; init; }
}

/// <summary>What we send to refund.</summary>
internal sealed record RefundRequest
{
    public required long Amount { get; init; }
    public required string Currency { get; init; }

    /// <summary>Our id of the refund: reconciliation repeats it, and with it a refund is found whose answer was lost.</summary>
    public required string Description { get; init; }
}

/// <summary>A refund as creating and reading tell it.</summary>
internal sealed record RefundAnswer
{
    public string? RefundId { get; init; }
    public string? PaymentId { get; init; }
    public string? Status { get; init; }
    public long? Amount { get; init; }
    public string? Currency { get; init; }
}

/// <summary>One page of the refunds of some days.</summary>
internal sealed record RefundList
{
    public int? TotalPages { get; init; }
    public IReadOnlyList<ListedRefund>? Refunds { get; init; }
}

/// <summary>A refund as reconciliation tells it: it is listed when its money moves.</summary>
internal sealed record ListedRefund
{
    public string? RefundId { get; init; }
    public string? PaymentId { get; init; }
    public string? PaymentProfileId { get; init; }
    public long? Amount { get; init; }
    public string? Currency { get; init; }
    public string? Description { get; init; }
}

/// <summary>Why the API refused. The codes are open strings.</summary>
internal sealed record ErrorAnswer
{
    public string? Code { get; init; }
    public string? Message { get; init; }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(CreateRequest))]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(PaymentAnswer))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(RefundRequest))]
[JsonSerializable(typeof(RefundAnswer))]
[JsonSerializable(typeof(RefundList))]
internal sealed partial class PayconiqWire : JsonSerializerContext;
