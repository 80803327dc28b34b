using Microsoft.Extensions.Logging;

namespace PayPerUse.Payconiq.Simulator;

internal static partial class SimulatorLog
{
    [LoggerMessage(
        EventId = 4101,
        Level = LogLevel.Information,
        Message = "The Payconiq simulator told of payment {ProviderPaymentId} ({Status}) and was answered {Answer} (0: nothing)."
    )]
    public static partial void CallbackSent(ILogger logger, string providerPaymentId, string status, int answer);

    [LoggerMessage(
        EventId = 4102,
        Message = "The Payconiq simulator runs: payments are pretend, and nobody is charged."
    )]
    public static partial void Running(ILogger logger, LogLevel level);

    [LoggerMessage(
        EventId = 4103,
        Level = LogLevel.Warning,
        Message = "The Payconiq simulator refused {Path}: the request is not from this machine, or came through a proxy."
    )]
    public static partial void RefusedRemote(ILogger logger, string path);

    [LoggerMessage(
        EventId = 4104,
        Level = LogLevel.Error,
        Message = "The Payconiq simulator could not tell of payment {ProviderPaymentId}."
    )]
    public static partial void CallbackFailed(ILogger logger, string providerPaymentId, Exception exception);
}
