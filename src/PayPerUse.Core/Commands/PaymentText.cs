using System.Globalization;
using System.Text.Json.Nodes;
using PayPerUse.Payments;

namespace PayPerUse.Commands;

/// <summary>Payments as a person or a script reads them. No links and no addresses: who has a link can pay.</summary>
internal static class PaymentText
{
    public static string LineOf(Payment payment) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{payment.Id}  {payment.CreatedAt:yyyy-MM-dd HH:mm}  {NameOf(payment.Status), -10}  {payment.Price, 12}  {payment.Credits, 6} credits  {payment.Provider}  {payment.Account}"
        );

    public static IEnumerable<string> LinesOf(Payment payment, IEnumerable<PaymentEvent> events)
    {
        yield return LineOf(payment);
        yield return $"  provider's id   {payment.ProviderPaymentId ?? "(unknown)"}  mode {payment.Mode}";
        yield return $"  paid            {TimeOf(payment.PaidAt)}  granted {TimeOf(payment.GrantedAt)}";
        yield return $"  went back       refunded {payment.Refunded?.ToString() ?? "nothing"}, disputed {payment.Disputed?.ToString() ?? "nothing"}, {payment.ReversedCredits} credits taken back";
        yield return $"  asked           {TimeOf(payment.CheckedAt)}  next {TimeOf(payment.NextCheckAt)}";
        foreach (var refund in payment.Refunds)
        {
            yield return $"  refund {refund.Id}  {TimeOf(refund.At)}  {refund.Amount}  {refund.Source} {refund.Status}  {refund.ProviderRefundId}  {refund.By}";
        }

        foreach (var change in events)
        {
            yield return $"  {TimeOf(change.At)}  {(change.From is { } from ? NameOf(from) : "new")} -> {NameOf(change.To)}  {change.Trigger}  {change.By}  {change.Detail}";
        }
    }

    public static JsonObject JsonOf(Payment payment) =>
        new()
        {
            ["id"] = payment.Id,
            ["account"] = payment.Account.Value,
            ["status"] = NameOf(payment.Status),
            ["provider"] = payment.Provider,
            ["mode"] = payment.Mode.ToString().ToLowerInvariant(),
            ["providerPaymentId"] = payment.ProviderPaymentId,
            ["pack"] = payment.Pack,
            ["credits"] = payment.Credits,
            ["price"] = JsonOf(payment.Price),
            ["createdAt"] = JsonOf(payment.CreatedAt),
            ["paidAt"] = JsonOf(payment.PaidAt),
            ["grantedAt"] = JsonOf(payment.GrantedAt),
            ["refunded"] = JsonOf(payment.Refunded),
            ["disputed"] = JsonOf(payment.Disputed),
            ["reversedCredits"] = payment.ReversedCredits,
            ["checkedAt"] = JsonOf(payment.CheckedAt),
            ["nextCheckAt"] = JsonOf(payment.NextCheckAt),
            ["refunds"] = new JsonArray([.. payment.Refunds.Select(JsonOf)]),
        };

    public static JsonNode JsonOf(PaymentEvent change) =>
        new JsonObject
        {
            ["at"] = JsonOf(change.At),
            ["from"] = change.From is { } from ? NameOf(from) : null,
            ["to"] = NameOf(change.To),
            ["trigger"] = change.Trigger.ToString().ToLowerInvariant(),
            ["by"] = change.By,
            ["detail"] = change.Detail,
        };

    public static JsonNode JsonOf(PaymentRefund refund) =>
        new JsonObject
        {
            ["id"] = refund.Id,
            ["source"] = refund.Source.ToString().ToLowerInvariant(),
            ["status"] = refund.Status.ToString().ToLowerInvariant(),
            ["amount"] = JsonOf(refund.Amount),
            ["at"] = JsonOf(refund.At),
            ["providerRefundId"] = refund.ProviderRefundId,
            ["by"] = refund.By,
        };

    public static JsonNode? JsonOf(Money? money) =>
        money is null ? null : new JsonObject { ["amount"] = money.Amount, ["currency"] = money.Currency };

    public static JsonNode? JsonOf(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string NameOf(PaymentStatus status) => status.ToString().ToLowerInvariant();

    public static string TimeOf(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
