using Microsoft.Extensions.Logging;

namespace PayPerUse.Payconiq;

internal static partial class PayconiqLog
{
    [LoggerMessage(
        EventId = 4001,
        Level = LogLevel.Warning,
        Message = "Payconiq payment {ProviderPaymentId} has the unknown status '{Status}' and is treated as pending."
    )]
    public static partial void UnknownStatus(ILogger logger, string providerPaymentId, string status);

    [LoggerMessage(
        EventId = 4002,
        Level = LogLevel.Warning,
        Message = "The keys that sign Payconiq callbacks cannot be read; callbacks are answered 503 and payments looked up instead."
    )]
    public static partial void KeysUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 4003,
        Level = LogLevel.Information,
        Message = "Read {Count} keys that sign Payconiq callbacks."
    )]
    public static partial void KeysRead(ILogger logger, int count);

    [LoggerMessage(
        EventId = 4004,
        Level = LogLevel.Warning,
        Message = "Payconiq refund {ProviderRefundId} has the unknown status '{Status}' and is treated as pending."
    )]
    public static partial void UnknownRefundStatus(ILogger logger, string providerRefundId, string status);
}
