using System.Text.Json.Serialization;
using PayPerUse.Http.Endpoints;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Http.Receipts;

/// <summary>The body of GET /payments/{id}/receipt for scripts.</summary>
internal sealed record ReceiptsAnswer(string PaymentId, IReadOnlyList<ReceiptAnswer> Receipts, AgreedAnswer? Consent)
{
    public static ReceiptsAnswer Of(Payment payment, IEnumerable<Receipt> receipts) =>
        new(payment.Id, [.. receipts.Select(ReceiptAnswer.Of)], AgreedAnswer.Of(payment));
}

internal sealed record ReceiptAnswer(
    string Number,
    string Kind,
    DateTime IssuedAt,
    string Description,
    long Credits,
    MoneyAnswer Amount,
    decimal? VatRate,
    MoneyAnswer Net,
    MoneyAnswer Vat,
    SellerDetails Seller
)
{
    public static ReceiptAnswer Of(Receipt receipt) =>
        new(
            receipt.Number,
            ReceiptLines.NameOf(receipt.Kind),
            receipt.IssuedAt.UtcDateTime,
            receipt.Description,
            receipt.Credits,
            MoneyAnswer.Of(receipt.Amount),
            receipt.VatRate,
            MoneyAnswer.Of(receipt.Net),
            new MoneyAnswer(receipt.Vat, receipt.Amount.Currency),
            receipt.Seller
        );
}

/// <summary>What the customer agreed to with a payment.</summary>
internal sealed record AgreedAnswer(string Version, string? Text, DateTime At)
{
    public static AgreedAnswer? Of(Payment payment) =>
        payment is { Consent: { } version, ConsentedAt: { } at }
            ? new(version, payment.ConsentText, at.UtcDateTime)
            : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReceiptsAnswer))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
