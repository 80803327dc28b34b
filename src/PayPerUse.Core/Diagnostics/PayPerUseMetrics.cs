using System.Diagnostics.Metrics;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Diagnostics;

internal static class PayPerUseMetrics
{
    private static readonly Meter Meter = new(PayPerUseDiagnostics.MeterName);

    private static readonly Counter<long> Commands = Meter.CreateCounter<long>(
        PayPerUseDiagnostics.CommandsCounter,
        "{command}",
        "Credit commands by kind and status."
    );

    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        PayPerUseDiagnostics.BatchSizeHistogram,
        "{command}",
        "Commands in one batch."
    );

    private static readonly Histogram<double> BatchDuration = Meter.CreateHistogram<double>(
        PayPerUseDiagnostics.BatchDurationHistogram,
        "s",
        "How long a store took for one batch."
    );

    private static readonly Counter<long> Payments = Meter.CreateCounter<long>(
        PayPerUseDiagnostics.PaymentsCounter,
        "{payment}",
        "Changes of a payment's status."
    );

    private static readonly Counter<long> Webhooks = Meter.CreateCounter<long>(
        PayPerUseDiagnostics.WebhooksCounter,
        "{message}",
        "Messages from providers by outcome."
    );

    private static readonly Counter<long> LostCharges = Meter.CreateCounter<long>(
        PayPerUseDiagnostics.LostChargesCounter,
        "{answer}",
        "Streamed answers that were delivered but could not be charged."
    );

    public static void CommandDone(CreditCommandKind kind, CreditStatus status)
    {
        if (Commands.Enabled)
        {
            Commands.Add(1, new("kind", kind.ToString()), new("status", status.ToString()));
        }
    }

    /// <summary>Whether anybody listens: a look at the clock costs as much as a command in memory.</summary>
    public static bool MeasuresBatches => BatchSize.Enabled || BatchDuration.Enabled;

    public static void BatchDone(int commands, TimeSpan duration)
    {
        BatchSize.Record(commands);
        BatchDuration.Record(duration.TotalSeconds);
    }

    public static void PaymentStatusChanged(string provider, PaymentStatus status)
    {
        if (Payments.Enabled)
        {
            Payments.Add(1, new("provider", provider), new("status", status.ToString()));
        }
    }

    public static void WebhookDone(string provider, string outcome)
    {
        if (Webhooks.Enabled)
        {
            Webhooks.Add(1, new("provider", provider), new("outcome", outcome));
        }
    }

    public static void ChargeLost(string action) =>
        LostCharges.Add(1, new KeyValuePair<string, object?>("action", action));
}
