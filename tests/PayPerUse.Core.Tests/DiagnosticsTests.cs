using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
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
        Assert.Equal("Healthy", (await HealthOfAsync(house)).Status.ToString());

        var payment = await house.OrderedAsync();
        house.First.Distort = p => p with { Amount = Money.Euro(2m) };
        await house.SettleAsync(payment);
        var health = await HealthOfAsync(house);
        Assert.Equal("Degraded", health.Status.ToString());
        Assert.StartsWith("1 payment(s) in review", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_degraded_while_a_refund_must_be_transferred_by_a_person()
    {
        await using var house = new PaymentHouse(o => o.Withdrawal.Days = 14);
        house.First.MayRefund = false;
        var withdrawals = house.Services.GetRequiredService<WithdrawalService>();
        for (var i = 0; i < 2; i++)
        {
            var payment = await house.OrderedAsync();
            house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
            await house.SettleAsync(payment);
            await withdrawals.ConfirmAsync(payment.Id, null, PaymentHouse.Token);
        }

        var health = await HealthOfAsync(house);
        Assert.Equal("Degraded", health.Status.ToString());
        Assert.StartsWith("2 payment(s) have a refund", health.Description, StringComparison.Ordinal);
        foreach (
            var owed in await house.Services.GetRequiredService<IPaymentPages>().ListOwedAsync(10, PaymentHouse.Token)
        )
        {
            var refund = Assert.Single(owed.Refunds);
            await house.Service.RecordRefundAsync(owed.Id, refund.Amount, refund.Id, "mia", PaymentHouse.Token);
        }

        Assert.Equal("Healthy", (await HealthOfAsync(house)).Status.ToString());
    }

    private static Task<HealthCheckResult> HealthOfAsync(PaymentHouse house) =>
        ActivatorUtilities
            .CreateInstance<PayPerUseHealthCheck>(house.Services)
            .CheckHealthAsync(new(), PaymentHouse.Token);
}
