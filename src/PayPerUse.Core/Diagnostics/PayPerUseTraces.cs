using System.Diagnostics;
using PayPerUse.Payments;

namespace PayPerUse.Diagnostics;

internal static class PayPerUseTraces
{
    private static readonly ActivitySource Source = new(PayPerUseDiagnostics.ActivitySourceName);

    /// <summary>A batch carries the commands of many callers, so it belongs to none of their traces.</summary>
    public static Activity? StartBatch(int commands) =>
        Source
            .StartActivity(PayPerUseDiagnostics.BatchActivity, ActivityKind.Internal, parentContext: default)
            ?.SetTag("commands", commands);

    public static Activity? StartCheckout(Payment payment) =>
        Source
            .StartActivity(PayPerUseDiagnostics.CheckoutActivity)
            ?.SetTag("payment", payment.Id)
            .SetTag("provider", payment.Provider);

    public static Activity? StartSettlement(string paymentId, PaymentTrigger trigger) =>
        Source
            .StartActivity(PayPerUseDiagnostics.SettleActivity)
            ?.SetTag("payment", paymentId)
            .SetTag("trigger", trigger.ToString());

    /// <summary>Marks what a trace was about as failed, without the exception's text: that may name what traces must not.</summary>
    public static void Fail(this Activity? activity, Exception exception) =>
        activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
}
