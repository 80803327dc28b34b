using System.Text.Json.Serialization;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Http.Endpoints;

/// <summary>The body of GET /credits/status and of every balance event.</summary>
internal sealed record CreditStatusAnswer(long Balance, long Reserved, DateTime? NextExpiry)
{
    public static CreditStatusAnswer Of(CreditBalance balance) =>
        new(balance.Balance, balance.Reserved, balance.NextExpiry?.UtcDateTime);
}

internal sealed record CreditUseAnswer(string OperationId, long Balance);

/// <summary>The body of POST /credits/use; for the API description only, since the body is read field by field.</summary>
internal sealed record CreditUseRequest(string Action, long? Credits);

internal sealed record CreditHistoryAnswer(IReadOnlyList<CreditEntryAnswer> Entries, string? Next);

internal sealed record CreditEntryAnswer(
    string OperationId,
    string Kind,
    string Action,
    long Credits,
    long Balance,
    DateTime At
)
{
    public static CreditEntryAnswer Of(CreditEntry entry) =>
        new(
            OperationIds.ToClient(entry.OperationId),
            Names.Of(entry.Kind),
            entry.Action,
            entry.Credits,
            entry.Balance,
            entry.At.UtcDateTime
        );
}

/// <summary>Minor units of a currency.</summary>
internal sealed record MoneyAnswer(long Amount, string Currency)
{
    public static MoneyAnswer Of(Money money) => new(money.Amount, money.Currency);
}

internal sealed record PackAnswer(string Id, long Credits, MoneyAnswer Price)
{
    public static PackAnswer Of(CreditPack pack) => new(pack.Id, pack.Credits, MoneyAnswer.Of(pack.Price));
}

internal sealed record ProviderAnswer(string Id, string Name);

internal sealed record PacksAnswer(IReadOnlyList<PackAnswer> Packs, IReadOnlyList<ProviderAnswer> Providers)
{
    /// <summary>The version of the terms that must be agreed to; left out when no consent is asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Consent { get; init; }

    /// <summary>What is agreed to with it, in the customer's language; left out when no consent is asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ConsentText { get; init; }
}

/// <summary>The body of POST /payments/create; for the API description only.</summary>
internal sealed record PaymentCreateRequest(string Pack, string? Provider, string? ReturnUrl, string? Consent);

internal sealed record PaymentAnswer(
    string Id,
    string Status,
    string Provider,
    string Pack,
    long Credits,
    MoneyAnswer Price,
    string? CheckoutUrl,
    string? QrCode,
    DateTime ExpiresAt
)
{
    /// <summary>What went back; left out when nothing did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MoneyAnswer? Refunded { get; init; }

    public static PaymentAnswer Of(Payment payment, string link) =>
        new(
            payment.Id,
            Names.Of(payment.Status),
            payment.Provider,
            payment.Pack,
            payment.Credits,
            MoneyAnswer.Of(payment.Price),
            payment.CheckoutUrl?.AbsoluteUri,
            payment.CheckoutUrl is null ? null : link + "/qr.svg",
            payment.ExpiresAt.UtcDateTime
        )
        {
            Refunded = payment.Refunded is { } refunded ? MoneyAnswer.Of(refunded) : null,
        };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CreditStatusAnswer))]
[JsonSerializable(typeof(CreditUseAnswer))]
[JsonSerializable(typeof(CreditHistoryAnswer))]
[JsonSerializable(typeof(PacksAnswer))]
[JsonSerializable(typeof(PaymentAnswer))]
[JsonSerializable(typeof(PaymentListAnswer))]
[JsonSerializable(typeof(WithdrawalAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;
