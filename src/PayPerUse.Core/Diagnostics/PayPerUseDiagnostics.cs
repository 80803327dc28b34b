namespace PayPerUse.Diagnostics;

/// <summary>The names of what PayPerUse measures. Names are API: dashboards depend on them.</summary>
public static class PayPerUseDiagnostics
{
    /// <summary>The meter.</summary>
    public const string MeterName = "PayPerUse";

    /// <summary>The source of traces.</summary>
    public const string ActivitySourceName = "PayPerUse";

    /// <summary>Trace of one batch on its way through the store, with its number of <c>commands</c>.</summary>
    public const string BatchActivity = "payperuse.credits.batch";

    /// <summary>Trace of one order at a provider, with <c>payment</c> and <c>provider</c>.</summary>
    public const string CheckoutActivity = "payperuse.payments.checkout";

    /// <summary>Trace of one settlement, with <c>payment</c> and <c>trigger</c>.</summary>
    public const string SettleActivity = "payperuse.payments.settle";

    /// <summary>Counter of commands, by <c>kind</c> and <c>status</c>.</summary>
    public const string CommandsCounter = "payperuse.credits.commands";

    /// <summary>Histogram of the number of commands in a batch.</summary>
    public const string BatchSizeHistogram = "payperuse.credits.batch.size";

    /// <summary>Histogram of the time a store took for a batch, in seconds.</summary>
    public const string BatchDurationHistogram = "payperuse.credits.batch.duration";

    /// <summary>Counter of changes of a payment's status, by <c>provider</c> and <c>status</c>.</summary>
    public const string PaymentsCounter = "payperuse.payments.status";

    /// <summary>Counter of webhook messages, by <c>provider</c> and <c>outcome</c>.</summary>
    public const string WebhooksCounter = "payperuse.payments.webhooks";

    /// <summary>Counter of streamed answers that were delivered but could not be charged.</summary>
    public const string LostChargesCounter = "payperuse.credits.lost_charges";

    /// <summary>The health check's name.</summary>
    public const string HealthCheckName = "payperuse";
}
