using System.Text.Json;
using System.Text.Json.Serialization;
using PayPerUse.Payments;

namespace PayPerUse.EfCore.Payments;

/// <summary>The refunds of a payment as they stand in its row: short names, numbers for enums, instants in UTC milliseconds.</summary>
internal static partial class PaymentRefundJson
{
    public static string? Write(PaymentRefunds refunds) =>
        refunds.Count == 0
            ? null
            : JsonSerializer.Serialize([.. refunds.Select(StoredRefund.Of)], Json.Default.StoredRefundArray);

    public static PaymentRefunds Read(string? json, string currency) =>
        json is null
            ? PaymentRefunds.None
            : new(JsonSerializer.Deserialize(json, Json.Default.StoredRefundArray)!.Select(r => r.ToRefund(currency)));

    internal sealed record StoredRefund(
        string Id,
        short Source,
        long Amount,
        short Status,
        long At,
        string? Theirs,
        string? Key,
        string? By
    )
    {
        public static StoredRefund Of(PaymentRefund refund) =>
            new(
                refund.Id,
                (short)refund.Source,
                refund.Amount.Amount,
                (short)refund.Status,
                refund.At.ToUnixTimeMilliseconds(),
                refund.ProviderRefundId,
                refund.RequestKey,
                refund.By
            );

        public PaymentRefund ToRefund(string currency) =>
            new()
            {
                Id = Id,
                Source = (PaymentRefundSource)Source,
                Amount = new Money(Amount, currency),
                Status = (PaymentRefundStatus)Status,
                At = DateTimeOffset.FromUnixTimeMilliseconds(At),
                ProviderRefundId = Theirs,
                RequestKey = Key,
                By = By,
            };
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
    )]
    [JsonSerializable(typeof(StoredRefund[]))]
    private sealed partial class Json : JsonSerializerContext;
}
