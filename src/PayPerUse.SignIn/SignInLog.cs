using Microsoft.Extensions.Logging;

namespace PayPerUse.SignIn;

/// <summary>No message names an address or a code.</summary>
internal static partial class SignInLog
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "A sign-in code could not be mailed.")]
    public static partial void MailFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Error, Message = "Sign-in is not available: its database failed.")]
    public static partial void StoreFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 7003,
        Level = LogLevel.Warning,
        Message = "Sign-in is held back by a limit: {Error}, for {Wait}."
    )]
    public static partial void Limited(ILogger logger, SignInError error, TimeSpan? wait);
}
