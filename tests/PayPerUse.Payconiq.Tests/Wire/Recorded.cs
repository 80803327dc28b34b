using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Wire;

/// <summary>An order of ours, and what the API says of it: the shapes of specification 3.6.5.</summary>
internal static class Recorded
{
    public const string PaymentId = "0bac0a7a1cda0f1e0a3f5b6c";
    public const string Reference = "0123456789abcdef0123456789abcdef";

    public static Payment Order(string description = "5 credits") =>
        new()
        {
            Id = Reference,
            Account = new AccountId("nick"),
            Pack = "five",
            Credits = 5,
            Price = Money.Euro(1.00m),
            Provider = PayconiqDefaults.ProviderId,
            Mode = PaymentMode.Test,
            Description = description,
            CallbackUrl = new Uri("https://sint.example/payments/webhook/payconiq"),
            ReturnPageUrl = new Uri($"https://sint.example/payments/{Reference}/return"),
            CreatedAt = new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero),
            ExpiresAt = new DateTimeOffset(2026, 11, 24, 2, 20, 0, TimeSpan.Zero),
        };

    public static string Created(
        string deeplink = "https://payconiq.com/pay/2/0bac0a7a1cda0f1e0a3f5b6c",
        string? checkout = null
    ) =>
        $$$"""
            {"paymentId":"{{{PaymentId}}}","status":"PENDING","createdAt":"2026-11-24T02:00:00.123Z",
             "expiresAt":"2026-11-24T02:20:00.123456789Z","amount":100,"currency":"EUR","reference":"{{{Reference}}}",
             "description":"5 credits","creditor":{"profileId":"{{{FakeApi.ProfileId}}}","merchantId":"m","name":"Sint","iban":"BE00"},
             "_links":{"self":{"href":"https://elsewhere.example/self"},"deeplink":{"href":"{{{deeplink}}}"},
               "qrcode":{"href":"https://elsewhere.example/qr"}{{{(
                checkout is null ? "" : $",\"checkout\":{{\"href\":\"{checkout}\"}}"
            )}}},
               "cancel":{"href":"https://elsewhere.example/cancel"}},"aFieldOfTomorrow":{"x":[1,2,3]}}
            """;

    public static string Read(string status, string more = "") =>
        $$$"""
            {"paymentId":"{{{PaymentId}}}","status":"{{{status}}}","createdAt":"2026-11-24T02:00:00.123Z",
             "expireAt":"2026-11-24T02:20:00.123Z","amount":100,"currency":"EUR","reference":"{{{Reference}}}"{{{more}}}}
            """;

    public static string Error(string code) =>
        $$"""{"code":"{{code}}","message":"It is so.","traceId":"1","spanId":"2"}""";
}
