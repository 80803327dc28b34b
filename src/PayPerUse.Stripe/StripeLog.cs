using Microsoft.Extensions.Logging;

namespace PayPerUse.Stripe;

internal static partial class StripeLog
{
    [LoggerMessage(
        EventId = 5001,
        Level = LogLevel.Error,
        Message = "Stripe sends events of API version '{Actual}', but this version of PayPerUse.Stripe expects '{Expected}'. Webhooks are answered 503 until the endpoint's API version is changed in the Stripe dashboard; meanwhile the sweeper settles payments."
    )]
    public static partial void WrongApiVersion(ILogger logger, string actual, string expected);

    [LoggerMessage(
        EventId = 5002,
        Level = LogLevel.Warning,
        Message = "A genuine Stripe event is of the {EventMode} mode but our key is of the {KeyMode} mode; it is left alone. Check Stripe:ApiKey and Stripe:WebhookSecret."
    )]
    public static partial void WrongMode(ILogger logger, string eventMode, string keyMode);

    [LoggerMessage(
        EventId = 5003,
        Level = LogLevel.Error,
        Message = "Stripe sends events of another shape ('{Shape}'); the webhook endpoint must use the payload style 'snapshot'. Webhooks are answered 503 until then; meanwhile the sweeper settles payments."
    )]
    public static partial void WrongShape(ILogger logger, string shape);

    [LoggerMessage(
        EventId = 5004,
        Level = LogLevel.Warning,
        Message = "Stripe Checkout Session {ProviderPaymentId} has the unknown status '{Status}' and payment status '{PaymentStatus}' and is treated as pending."
    )]
    public static partial void UnknownStatus(
        ILogger logger,
        string providerPaymentId,
        string? status,
        string? paymentStatus
    );

    [LoggerMessage(
        EventId = 5005,
        Level = LogLevel.Warning,
        Message = "Stripe's events were last read up to {ReadTo}; Stripe keeps them for 30 days, so refunds and disputes in between may be missing. Compare the dashboard's list with 'payments list' and run 'payments recheck' for what differs."
    )]
    public static partial void EventsForgotten(ILogger logger, DateTimeOffset readTo);
}
