using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Diagnostics;

internal static partial class PaymentLog
{
    [LoggerMessage(
        EventId = 2001,
        Level = LogLevel.Information,
        Message = "Payment {PaymentId} went from {From} to {To} ({Trigger})."
    )]
    public static partial void StatusChanged(
        ILogger logger,
        string paymentId,
        PaymentStatus from,
        PaymentStatus to,
        PaymentTrigger trigger
    );

    [LoggerMessage(
        EventId = 2002,
        Level = LogLevel.Error,
        Message = "Payment {PaymentId} at {Provider} does not match our order and is not granted: {Mismatch}. A person must resolve it."
    )]
    public static partial void Mismatch(ILogger logger, string paymentId, string provider, string mismatch);

    [LoggerMessage(
        EventId = 2003,
        Level = LogLevel.Error,
        Message = "Payment {PaymentId} is paid, but the ledger answered {Status} to its grant. A person must resolve it."
    )]
    public static partial void GrantRefused(ILogger logger, string paymentId, CreditStatus status);

    [LoggerMessage(
        EventId = 2004,
        Level = LogLevel.Warning,
        Message = "Payment {PaymentId} could not be started at {Provider} ({Failure})."
    )]
    public static partial void StartFailed(
        ILogger logger,
        string paymentId,
        string provider,
        PaymentProviderFailure failure,
        Exception exception
    );

    [LoggerMessage(
        EventId = 2005,
        Level = LogLevel.Warning,
        Message = "Payment {PaymentId} at {Provider} could not be settled or called off; the sweeper tries again."
    )]
    public static partial void SettleFailed(ILogger logger, string paymentId, string provider, Exception exception);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Error, Message = "A sweep failed; the next one tries again.")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Error, Message = "A listener to payment {PaymentId} failed.")]
    public static partial void ListenerFailed(ILogger logger, string paymentId, Exception exception);

    [LoggerMessage(
        EventId = 2008,
        Level = LogLevel.Error,
        Message = "Money of payment {PaymentId} went back, but the ledger answered {Status} to the {Kind} of {Credits} credits. A person must resolve it."
    )]
    public static partial void ReversalRefused(
        ILogger logger,
        string paymentId,
        PaymentReversalKind kind,
        long credits,
        CreditStatus status
    );

    [LoggerMessage(
        EventId = 2009,
        Level = LogLevel.Error,
        Message = "The provider refused refund {RefundId} of payment {PaymentId}; its credits are given back."
    )]
    public static partial void RefundRejected(ILogger logger, string paymentId, string refundId, Exception exception);

    [LoggerMessage(
        EventId = 2010,
        Level = LogLevel.Warning,
        Message = "The list of refunds and disputes of {Provider} could not be read; the next sweep tries again."
    )]
    public static partial void FeedFailed(ILogger logger, string provider, Exception exception);

    [LoggerMessage(
        EventId = 2011,
        Level = LogLevel.Warning,
        Message = "Whether refund {RefundId} of payment {PaymentId} arrived at the provider is not known; the sweeper finds out."
    )]
    public static partial void RefundInDoubt(ILogger logger, string paymentId, string refundId, Exception exception);

    [LoggerMessage(
        EventId = 2020,
        Level = LogLevel.Warning,
        Message = "Refund {RefundId} of payment {PaymentId} must be made by hand: transfer {Amount}, then payments record-refund."
    )]
    public static partial void RefundOwed(ILogger logger, string paymentId, string refundId, Money amount);

    [LoggerMessage(
        EventId = 2021,
        Level = LogLevel.Warning,
        Message = "Payment {PaymentId} is of {Provider} in the {Mode} mode, which this app does not have, and is no longer looked after. With the right settings, payments recheck looks again."
    )]
    public static partial void OutOfReach(ILogger logger, string paymentId, string provider, PaymentMode mode);

    [LoggerMessage(
        EventId = 2022,
        Level = LogLevel.Error,
        Message = "Payment {PaymentId} has {Count} refunds, and no more are kept: refund {ProviderRefundId} of {Amount} does not count. A person must look at it."
    )]
    public static partial void TooManyRefunds(
        ILogger logger,
        string paymentId,
        int count,
        string providerRefundId,
        Money amount
    );

    [LoggerMessage(
        EventId = 2012,
        Level = LogLevel.Warning,
        Message = "Pack '{Pack}' loses {Percent} % of its price to {Provider}'s listed fee ({Fee} of {Price}); sell larger packs there."
    )]
    public static partial void FeeIsHigh(
        ILogger logger,
        string pack,
        string provider,
        Money fee,
        Money price,
        int percent
    );
}
