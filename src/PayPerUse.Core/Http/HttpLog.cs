using Microsoft.Extensions.Logging;

namespace PayPerUse.Http;

internal static partial class HttpLog
{
    [LoggerMessage(
        EventId = 3001,
        Level = LogLevel.Warning,
        Message = "A signed-in user has no NameIdentifier claim that can own credits (1 to 128 visible characters without '/'), so the request is answered 401. Register an IAccountResolver of your own."
    )]
    public static partial void NoAccount(ILogger logger);

    [LoggerMessage(
        EventId = 3002,
        Level = LogLevel.Warning,
        Message = "Operation {OperationId} could not be released; its credits return at its deadline."
    )]
    public static partial void ReleaseFailed(ILogger logger, string operationId, Exception exception);

    [LoggerMessage(
        EventId = 3003,
        Level = LogLevel.Error,
        Message = "Operation {OperationId} could not be committed ({Status}); its answer was withheld."
    )]
    public static partial void CommitFailed(
        ILogger logger,
        string operationId,
        string status,
        Exception? exception = null
    );

    [LoggerMessage(
        EventId = 3004,
        Level = LogLevel.Error,
        Message = "Operation {OperationId} of action {Action} was streamed but could not be charged ({Status})."
    )]
    public static partial void ChargeLost(
        ILogger logger,
        string operationId,
        string action,
        string status,
        Exception? exception = null
    );

    [LoggerMessage(
        EventId = 3005,
        Level = LogLevel.Warning,
        Message = "Reservation {OperationId} could not be renewed; it is tried again."
    )]
    public static partial void RenewFailed(ILogger logger, string operationId, Exception exception);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "{Path} could not be served.")]
    public static partial void Unavailable(ILogger logger, string path, Exception exception);

    [LoggerMessage(
        EventId = 3007,
        Level = LogLevel.Warning,
        Message = "A message of {Provider} was not accepted ({Authenticity}): {Reason}"
    )]
    public static partial void WebhookRefused(ILogger logger, string provider, string authenticity, string? reason);

    [LoggerMessage(
        EventId = 3008,
        Level = LogLevel.Warning,
        Message = "A genuine message of {Provider} names a payment that is not ours (yet)."
    )]
    public static partial void WebhookWithoutPayment(ILogger logger, string provider);

    [LoggerMessage(
        EventId = 3009,
        Level = LogLevel.Warning,
        Message = "The store could not tell which accounts changed; it is asked again."
    )]
    public static partial void WatchFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 3010,
        Level = LogLevel.Warning,
        Message = "Payment {PaymentId} could not be settled now; its last known state is shown."
    )]
    public static partial void SettleFailed(ILogger logger, string paymentId, Exception exception);
}
