using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Payments;

/// <summary>Payments of a mode, or of a provider, that this app has no longer.</summary>
public sealed class OutOfReachTests
{
    private static CancellationToken Token => PaymentHouse.Token;

    [Fact]
    public async Task Keys_of_the_other_mode_are_never_asked_about_a_payment()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Mode = PaymentMode.Live;
        var asked = house.First.Gets;
        var e = await Assert.ThrowsAsync<PaymentProviderException>(() => house.SettleAsync(payment));
        Assert.Contains("of the Test mode", e.Message, StringComparison.Ordinal);
        await SweepAsync(house, TimeSpan.FromHours(2), 3);
        var recheck = await house.Service.RecheckAsync(payment.Id, "sint", Token);
        Assert.Equal(PaymentOrderStatus.Unavailable, recheck.Status);
        Assert.Equal((asked, 0), (house.First.Gets, house.First.Cancels));
    }

    [Fact]
    public async Task What_was_paid_before_the_keys_were_changed_by_mistake_is_granted_when_they_are_back()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.First.Mode = PaymentMode.Live;
        await SweepAsync(house, TimeSpan.FromHours(1), 6);
        Assert.Equal(0, await house.BalanceAsync());
        house.First.Mode = PaymentMode.Test;
        await SweepAsync(house, TimeSpan.FromHours(1), 2);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task An_order_that_can_no_longer_be_asked_about_ends_and_is_left_alone()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Mode = PaymentMode.Live;
        await SweepAsync(house, TimeSpan.FromHours(1), 30);
        var ended = (await house.Store.FindAsync(payment.Id, Token))!;
        Assert.Equal((PaymentStatus.Expired, null, null), (ended.Status, ended.OpenKey, ended.NextCheckAt));
        var events = await house.Store.ReadEventsAsync(payment.Id, Token);
        Assert.Contains("Test mode", events[^1].Detail, StringComparison.Ordinal);
        Assert.Empty(await house.Checkout.CancelAllAsync(PaymentHouse.Anna, Token));

        // Money that was there all the time still counts, once somebody looks with the right keys.
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.First.Mode = PaymentMode.Test;
        var recheck = await house.Service.RecheckAsync(payment.Id, "sint", Token);
        Assert.Equal(PaymentStatus.Paid, recheck.Payment!.Status);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_refund_that_cannot_be_followed_waits_for_a_month_and_no_longer()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(payment);
        house.First.NewRefund = PaymentRefundStatus.Pending;
        await house.Service.RefundAsync(new RefundOrder(payment.Id, RefundExtent.Whole, "sint"), Token);
        house.First.Mode = PaymentMode.Live;
        await SweepAsync(house, TimeSpan.FromDays(1), 20);
        Assert.NotNull((await house.Store.FindAsync(payment.Id, Token))!.NextCheckAt);
        await SweepAsync(house, TimeSpan.FromDays(1), 12);
        var left = (await house.Store.FindAsync(payment.Id, Token))!;
        Assert.Null(left.NextCheckAt);
        Assert.Equal(PaymentRefundStatus.Pending, Assert.Single(left.Refunds).Status);
    }

    private static async Task SweepAsync(PaymentHouse house, TimeSpan step, int times)
    {
        for (var i = 0; i < times; i++)
        {
            house.Clock.Advance(step);
            await house.Worker.SweepPaymentsAsync(Token);
        }
    }
}
