using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using PayPerUse.Core.Tests.Payments;
using PayPerUse.Diagnostics;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests;

public sealed class DiagnosticsTests
{
    [Fact]
    public async Task A_paid_order_leaves_traces_and_measurements_under_their_public_names()
    {
        var traces = new ConcurrentBag<Activity>();
        var measured = new ConcurrentBag<string>();
        using var traceListener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == PayPerUseDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = traces.Add,
        };
        ActivitySource.AddActivityListener(traceListener);
        using var meterListener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == PayPerUseDiagnostics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meterListener.SetMeasurementEventCallback<long>((i, _, _, _) => measured.Add(i.Name));
        meterListener.SetMeasurementEventCallback<int>((i, _, _, _) => measured.Add(i.Name));
        meterListener.SetMeasurementEventCallback<double>((i, _, _, _) => measured.Add(i.Name));
        meterListener.Start();

        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(payment);

        var own = traces.Where(t => Equals(t.GetTagItem("payment"), payment.Id)).Select(t => t.OperationName);
        Assert.Equal(
            [PayPerUseDiagnostics.CheckoutActivity, PayPerUseDiagnostics.SettleActivity],
            own.Order(StringComparer.Ordinal)
        );
        Assert.Contains(traces, t => t.OperationName == PayPerUseDiagnostics.BatchActivity);
        Assert.Contains(PayPerUseDiagnostics.CommandsCounter, measured);
        Assert.Contains(PayPerUseDiagnostics.BatchSizeHistogram, measured);
        Assert.Contains(PayPerUseDiagnostics.BatchDurationHistogram, measured);
        Assert.Contains(PayPerUseDiagnostics.PaymentsCounter, measured);
    }

    [Fact]
    public async Task Health_is_degraded_while_a_payment_waits_for_a_person()
    {
        await using var house = new PaymentHouse();
        var check = new PayPerUseHealthCheck(house.Ledger, house.Store);
        Assert.Equal("Healthy", await StatusAsync());

        var payment = await house.OrderedAsync();
        house.First.Distort = p => p with { Amount = Money.Euro(2m) };
        await house.SettleAsync(payment);
        Assert.Equal("Degraded", await StatusAsync());

        async Task<string> StatusAsync() => (await check.CheckHealthAsync(new(), PaymentHouse.Token)).Status.ToString();
    }
}
