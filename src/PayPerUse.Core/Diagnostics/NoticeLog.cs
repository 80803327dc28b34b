using Microsoft.Extensions.Logging;

namespace PayPerUse.Diagnostics;

internal static partial class NoticeLog
{
    [LoggerMessage(
        EventId = 2101,
        Level = LogLevel.Error,
        Message = "A handler of credit events failed on {EventId}; it is given again later."
    )]
    public static partial void HandlerFailed(ILogger logger, string eventId, Exception exception);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Error, Message = "Notices could not be given; tried again later.")]
    public static partial void DeliveryFailed(ILogger logger, Exception exception);
}
