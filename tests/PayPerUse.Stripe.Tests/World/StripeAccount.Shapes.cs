using System.Text.Json.Nodes;

namespace PayPerUse.Stripe.Tests.World;

/// <summary>What the objects of the account look like.</summary>
public sealed partial class StripeAccount
{
    private JsonObject SessionOf(Checkout checkout, bool isExpanded)
    {
        Expire(checkout);
        return new()
        {
            ["id"] = checkout.Id,
            ["object"] = "checkout.session",
            ["amount_total"] = checkout.Amount,
            ["currency"] = "eur",
            ["client_reference_id"] = checkout.Reference,
            ["created"] = checkout.CreatedAt.ToUnixTimeSeconds(),
            ["expires_at"] = checkout.ExpiresAt.ToUnixTimeSeconds(),
            ["livemode"] = IsLive,
            ["metadata"] = MetadataOf(checkout),
            ["mode"] = "payment",
            ["payment_intent"] =
                checkout.Status is "open" or "expired" ? null
                : isExpanded ? IntentOf(checkout)
                : checkout.Intent,
            ["payment_status"] = checkout.PaidAt is null ? "unpaid" : "paid",
            ["status"] = checkout.Status,
            ["url"] = checkout.Status == "open" ? "https://checkout.stripe.com/c/pay/" + checkout.Id : null,
        };
    }

    private JsonObject IntentOf(Checkout checkout) =>
        new()
        {
            ["id"] = checkout.Intent,
            ["object"] = "payment_intent",
            ["amount"] = checkout.Amount,
            ["currency"] = "eur",
            ["latest_charge"] = ChargeOf(checkout),
            ["metadata"] = MetadataOf(checkout),
            ["status"] =
                checkout.PaidAt is not null ? "succeeded"
                : checkout.IsUnderWay ? "processing"
                : "requires_payment_method",
        };

    private JsonObject ChargeOf(Checkout checkout) =>
        new()
        {
            ["id"] = checkout.Charge,
            ["object"] = "charge",
            ["amount"] = checkout.Amount,
            ["amount_refunded"] = checkout.Refunds.Where(r => r.Counts || CountsFailedRefunds).Sum(r => r.Cents),
            ["created"] = (checkout.PaidAt ?? checkout.CreatedAt).ToUnixTimeSeconds(),
            ["currency"] = "eur",
            ["disputed"] = checkout.Disputes.Any(d => !d.Status.StartsWith("warning", StringComparison.Ordinal)),
            ["livemode"] = IsLive,
            ["metadata"] = MetadataOf(checkout),
            ["payment_intent"] = checkout.Intent,
            ["refunds"] = ListOf(
                checkout.Refunds.AsEnumerable().Reverse().Take(10).Select(r => RefundOf(checkout, r)),
                hasMore: checkout.Refunds.Count > 10
            ),
            ["status"] = checkout.PaidAt is null ? "pending" : "succeeded",
        };

    private static JsonObject RefundOf(Checkout checkout, RefundState refund) =>
        new()
        {
            ["id"] = refund.Id,
            ["object"] = "refund",
            ["amount"] = refund.Cents,
            ["charge"] = checkout.Charge,
            ["currency"] = "eur",
            ["metadata"] = new JsonObject(
                refund.Metadata.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)JsonValue.Create(m.Value)))
            ),
            ["payment_intent"] = checkout.Intent,
            ["status"] = refund.Status,
        };

    private static JsonObject DisputeOf(Checkout checkout, DisputeState dispute) =>
        new()
        {
            ["id"] = dispute.Id,
            ["object"] = "dispute",
            ["amount"] = dispute.Cents,
            ["balance_transactions"] = new JsonArray([
                .. dispute.Moves.Select(m => new JsonObject
                {
                    ["id"] = "txn_1",
                    ["object"] = "balance_transaction",
                    ["amount"] = m.Cents,
                    ["created"] = m.At.ToUnixTimeSeconds(),
                    ["currency"] = m.Currency,

                    // Stripe's own fee, which is no money of the customer's.
                    ["fee"] = m.Cents < 0 ? 2000 : 0,
                    ["net"] = m.Cents < 0 ? m.Cents - 2000 : m.Cents,
                    ["type"] = "adjustment",
                }),
            ]),
            ["charge"] = checkout.Charge,
            ["currency"] = "eur",
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = checkout.Intent,
            ["reason"] = "general",
            ["status"] = dispute.Status,
        };

    private static JsonObject MetadataOf(Checkout checkout) => new() { ["payperuse_payment"] = checkout.Reference };

    private static JsonObject ListOf(IEnumerable<JsonObject> data, bool hasMore) =>
        new()
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. data]),
            ["has_more"] = hasMore,
        };
}
