using Microsoft.Extensions.Logging;

namespace PayPerUse.Diagnostics;

/// <summary>Messages about kept answers.</summary>
internal static partial class AnswerLog
{
    [LoggerMessage(
        EventId = 4001,
        Level = LogLevel.Warning,
        Message = "Kept answers that have expired could not be removed; the next sweep tries again."
    )]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 4002,
        Level = LogLevel.Error,
        Message = "The answer of operation {OperationId} could not be kept, so it is not charged and not sent."
    )]
    public static partial void NotKept(ILogger logger, string operationId, Exception exception);

    [LoggerMessage(
        EventId = 4003,
        Level = LogLevel.Error,
        Message = "The kept answer of operation {OperationId} cannot be read: its key is gone, or it was changed."
    )]
    public static partial void Unreadable(ILogger logger, string operationId, Exception exception);

    [LoggerMessage(
        EventId = 4004,
        Level = LogLevel.Error,
        Message = "The streamed answer of operation {OperationId} was sent and is charged, but could not be kept."
    )]
    public static partial void SentNotKept(ILogger logger, string operationId, Exception exception);

    [LoggerMessage(
        EventId = 4005,
        Level = LogLevel.Warning,
        Message = "The streamed answer of operation {OperationId} is larger than {Limit} bytes (KeptAnswerLimit): charged, but not kept."
    )]
    public static partial void TooLongToKeep(ILogger logger, string operationId, int limit);
}
