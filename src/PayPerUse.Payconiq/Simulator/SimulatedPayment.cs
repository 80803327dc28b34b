using System.Collections.Immutable;
using System.Text.Json.Nodes;
using PayPerUse.Payconiq.Wire;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>A payment as the simulated bank keeps it.</summary>
internal sealed record SimulatedPayment
{
    public required string Id { get; init; }
    public required long Amount { get; init; }
    public string? Reference { get; init; }
    public string? Description { get; init; }
    public Uri? CallbackUrl { get; init; }
    public Uri? ReturnUrl { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public string Status { get; init; } = "PENDING";
    public DateTimeOffset? SucceededAt { get; init; }

    public ImmutableArray<SimulatedRefund> Refunds { get; init; } = [];

    /// <summary>The cents that have not gone back, and are not on their way.</summary>
    public long Kept => Amount - Refunds.Where(r => !r.IsFailed).Sum(r => r.Amount);

    /// <summary>Whether it can still be paid or canceled.</summary>
    public bool IsOpen => Status is "PENDING" or "IDENTIFIED";

    /// <summary>What reading, searching and callbacks tell. The real service tells of a masked payer, so this one does.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["paymentId"] = Id,
            ["createdAt"] = PayconiqTime.Write(CreatedAt),
            ["expireAt"] = PayconiqTime.Write(ExpiresAt),
            ["currency"] = "EUR",
            ["status"] = Status,
            ["amount"] = Amount,
            ["transferAmount"] = Amount,
            ["tippingAmount"] = 0,
            ["totalAmount"] = Amount,
        };
        AddText(json, "reference", Reference);
        AddText(json, "description", Description);
        if (SucceededAt is { } at)
        {
            json["succeededAt"] = PayconiqTime.Write(at);
            json["debtor"] = new JsonObject { ["name"] = "Test", ["iban"] = "*************12345" };
        }

        return json;
    }

    private static void AddText(JsonObject json, string name, string? text)
    {
        if (text is not null)
        {
            json[name] = text;
        }
    }
}
