using Microsoft.Extensions.Logging;
using PayPerUse.Credits;

namespace PayPerUse.Diagnostics;

internal static partial class CreditLog
{
    [LoggerMessage(
        EventId = 1001,
        Level = LogLevel.Warning,
        Message = "A batch of {Commands} credit commands failed after {Retries} retries (passing: {IsTransient})."
    )]
    public static partial void BatchFailed(
        ILogger logger,
        int commands,
        int retries,
        bool isTransient,
        Exception exception
    );

    [LoggerMessage(
        EventId = 1004,
        Level = LogLevel.Information,
        Message = "Account {Source} was merged into {Target} by {By}."
    )]
    public static partial void MergedBy(ILogger logger, AccountId source, AccountId target, string by);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Error, Message = "A listener to changes of credits failed.")]
    public static partial void ListenerFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 1003,
        Level = LogLevel.Error,
        Message = "The log of account {Account} does not add up ({Finding}), so its old entries are kept. Run verify."
    )]
    public static partial void TrimRefused(ILogger logger, string account, CreditFinding finding);

    [LoggerMessage(
        EventId = 1005,
        Level = LogLevel.Warning,
        Message = "Retention.Log is set, but {Store} cannot trim its log, which grows for ever. Let it implement ICreditRetention, and register it as that too."
    )]
    public static partial void CannotTrim(ILogger logger, string store);
}
