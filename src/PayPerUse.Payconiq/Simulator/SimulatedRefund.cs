using System.Text.Json.Nodes;
using PayPerUse.Payconiq.Wire;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>A refund as the simulated bank keeps it.</summary>
internal sealed record SimulatedRefund
{
    public required string Id { get; init; }
    public required string PaymentId { get; init; }
    public required long Amount { get; init; }
    public string? Description { get; init; }

    /// <summary>The shop's idempotency key; null for one made in the portal.</summary>
    public string? Key { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its money moves, unless it fails first.</summary>
    public required DateTimeOffset MovesAt { get; init; }
    public bool IsFailed { get; init; }

    public string StatusAt(DateTimeOffset now) =>
        IsFailed ? "FAILED"
        : now >= MovesAt ? "REFUNDED"
        : "PENDING";

    public JsonObject ToJson(DateTimeOffset now)
    {
        var json = new JsonObject
        {
            ["refundId"] = Id,
            ["paymentId"] = PaymentId,
            ["status"] = StatusAt(now),
            ["amount"] = Amount,
            ["currency"] = "EUR",
            ["creationDate"] = PayconiqTime.Write(CreatedAt),
        };
        if (Description is not null)
        {
            json["description"] = Description;
        }

        return json;
    }
}
