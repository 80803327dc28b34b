using PayPerUse.Payments;
using PayPerUse.Stripe.Tests.World;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Stripe.Tests;

public sealed class RefundTests : IAsyncDisposable
{
    private readonly StripeShop _shop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100, 0, PaymentStatus.Refunded)]
    [InlineData(60, 2, PaymentStatus.Paid)]
    [InlineData(19, 5, PaymentStatus.Paid)]
    public async Task A_refund_in_the_dashboard_takes_back_the_whole_credits_that_it_is_worth(
        long cents,
        long balance,
        PaymentStatus status
    )
    {
        var payment = await _shop.BuyAsync();

        _shop.Account.Refund(payment.Id, cents);
        await _shop.HearAsync();

        Assert.Equal(balance, await _shop.BalanceAsync());
        var refunded = await _shop.FindAsync(payment.Id);
        Assert.Equal((status, new Money(cents, "EUR")), (refunded.Status, refunded.Refunded));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(12)]
    public async Task Ten_refunds_of_ten_cents_take_back_five_credits(int perPage)
    {
        // More than ten do not come with the charge; here the lists are read in small pages too.
        _shop.Account.PageSize = perPage == 10 ? 100 : 3;
        var payment = await _shop.BuyAsync();
        long[] balances = [5, 4, 4, 3, 3, 2, 2, 1, 1, 0];

        foreach (var expected in balances)
        {
            _shop.Account.Refund(payment.Id, 10);
            await _shop.HearAsync();
            Assert.Equal(expected, await _shop.BalanceAsync());
        }

        Assert.Equal(PaymentStatus.Refunded, (await _shop.FindAsync(payment.Id)).Status);
    }

    [Fact]
    public async Task Refunds_beyond_those_that_come_with_a_charge_are_listed()
    {
        _shop.Account.PageSize = 7;
        var payment = await _shop.BuyAsync();
        for (var i = 0; i < 20; i++)
        {
            var refund = _shop.Account.Refund(payment.Id, 5);
            if (i % 2 == 0)
            {
                _shop.Account.EndRefund(payment.Id, refund, "failed");
            }
        }

        await _shop.HearAsync();

        Assert.Equal(new Money(50, "EUR"), (await _shop.FindAsync(payment.Id)).Refunded);
        Assert.Equal(3, await _shop.BalanceAsync());
    }

    [Theory]
    [InlineData("failed", true)]
    [InlineData("failed", false)]
    [InlineData("canceled", true)]
    [InlineData("canceled", false)]
    public async Task A_refund_that_fails_gives_the_credits_back(string status, bool isStillCounted)
    {
        _shop.Account.CountsFailedRefunds = isStillCounted;
        _shop.Account.NewRefund = "pending";
        var payment = await _shop.BuyAsync();
        var refund = _shop.Account.Refund(payment.Id, 100);
        await _shop.HearAsync();
        Assert.Equal(0, await _shop.BalanceAsync());

        _shop.Account.EndRefund(payment.Id, refund, status);
        await _shop.HearAsync();

        Assert.Equal(5, await _shop.BalanceAsync());
        Assert.Equal(PaymentStatus.Paid, (await _shop.FindAsync(payment.Id)).Status);
    }

    [Fact]
    public async Task The_same_events_again_and_in_another_order_change_nothing()
    {
        var payment = await _shop.BuyAsync();
        _shop.Account.Refund(payment.Id, 40);
        _shop.Account.Refund(payment.Id, 20);
        foreach (var happened in _shop.Account.Events.Reverse().Concat(_shop.Account.Events))
        {
            await _shop.HearAsync(happened);
        }

        Assert.Equal(2, await _shop.BalanceAsync());
    }

    [Fact]
    public async Task Refunds_and_disputes_whose_messages_were_lost_are_found_in_the_event_list()
    {
        _shop.Account.PageSize = 2;
        var first = await _shop.BuyAsync();
        var second = await _shop.BuyAsync();
        await _shop.SweepAsync(TimeSpan.FromMinutes(1));
        _shop.Account.Refund(first.Id, 100);
        _shop.Account.Refund(second.Id, 20);
        var dispute = _shop.Account.Dispute(second.Id, 80, "needs_response");
        _shop.Account.Move(second.Id, dispute, -80);
        _shop.LoseEvents();

        await _shop.SweepAsync(TimeSpan.FromHours(3));
        await _shop.SweepAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(0, await _shop.BalanceAsync());
        Assert.Equal(PaymentStatus.Refunded, (await _shop.FindAsync(first.Id)).Status);
        Assert.Equal(PaymentStatus.Disputed, (await _shop.FindAsync(second.Id)).Status);
    }

    [Fact]
    public async Task An_event_is_not_listed_for_ever()
    {
        var payment = await _shop.BuyAsync();
        _shop.Account.Refund(payment.Id, 20);
        await _shop.HearAsync();
        for (var i = 0; i < 10; i++)
        {
            await _shop.SweepAsync(TimeSpan.FromMinutes(1));
        }

        var asked = _shop.Account.Requests.Count(r => r.Path.Contains("/sessions/", StringComparison.Ordinal));
        for (var i = 0; i < 30; i++)
        {
            await _shop.SweepAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(asked, _shop.Account.Requests.Count(r => r.Path.Contains("/sessions/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_refund_from_our_side_is_made_once_however_often_its_answer_is_lost()
    {
        var payment = await _shop.BuyAsync();
        _shop.BreakRefunds(ApiFault.AfterEffect);

        var result = await RefundAsync(payment, 40);
        await _shop.SweepAsync(TimeSpan.FromMinutes(1));
        _shop.BreakRefunds(ApiFault.None);
        await _shop.SweepAsync(TimeSpan.FromMinutes(20));
        await _shop.SweepAsync(TimeSpan.FromMinutes(20));

        Assert.Equal(PaymentOrderStatus.Pending, result.Status);
        Assert.Equal(1, _shop.Account.RefundsOf(payment.Id));
        Assert.Equal(3, await _shop.BalanceAsync());
        var refund = Assert.Single((await _shop.FindAsync(payment.Id)).Refunds);
        Assert.Equal((PaymentRefundStatus.Succeeded, payment.Id + "-r1"), (refund.Status, refund.Id));
        var sent = _shop.Account.Requests.Where(r => r is { Method: "POST", Path: "/v1/refunds" }).ToArray();
        Assert.Single(sent.Select(r => (r.Body, r.Headers["Idempotency-Key"])).Distinct());
        Assert.Equal(payment.Id + "-r1", sent[0].Headers["Idempotency-Key"]);
        Assert.Equal(payment.Id + "-r1", sent[0]["metadata[payperuse_refund]"]);
    }

    [Theory]
    [InlineData(ApiFault.AfterEffect, 3, 1)]
    [InlineData(ApiFault.BeforeEffect, 5, 0)]
    public async Task A_refund_in_doubt_for_longer_than_Stripe_keeps_keys_is_looked_for(
        ApiFault fault,
        long balance,
        int refunds
    )
    {
        var payment = await _shop.BuyAsync();
        _shop.BreakRefunds(fault);
        await RefundAsync(payment, 40);

        await _shop.SweepAsync(TimeSpan.FromHours(25));
        _shop.BreakRefunds(ApiFault.None);
        await _shop.SweepAsync(TimeSpan.FromHours(1));
        await _shop.SweepAsync(TimeSpan.FromHours(1));

        Assert.Equal(refunds, _shop.Account.RefundsOf(payment.Id));
        Assert.Equal(balance, await _shop.BalanceAsync());
    }

    [Fact]
    public async Task A_refund_that_Stripe_refuses_gives_the_credits_back()
    {
        var payment = await _shop.BuyAsync();
        _shop.Account.RefundRefusal = Answer.Error(400, "Insufficient funds in your balance.", "balance_insufficient");

        var result = await RefundAsync(payment, 40);

        Assert.Equal(PaymentOrderStatus.Failed, result.Status);
        await _shop.SweepAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(5, await _shop.BalanceAsync());
    }

    [Theory]
    [InlineData(401, "Invalid API Key provided", null)]
    [InlineData(403, "The provided key does not have the required permissions", null)]
    [InlineData(404, "No such payment_intent", "resource_missing")]
    [InlineData(429, "Too many requests", "rate_limit")]
    public async Task A_refusal_of_the_key_says_nothing_about_an_earlier_try(int status, string message, string? code)
    {
        var payment = await _shop.BuyAsync();
        _shop.BreakRefunds(ApiFault.AfterEffect);
        await RefundAsync(payment, 40);
        _shop.BreakRefunds(ApiFault.None);

        // The first try got through. Then the key is changed for a wrong one, and mended.
        _shop.Account.RefundRefusal = Answer.Error(status, message, code);
        _shop.Account.ForgetKeys();
        await _shop.SweepAsync(TimeSpan.FromMinutes(1));
        await _shop.SweepAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(3, await _shop.BalanceAsync());
        Assert.Equal(PaymentRefundStatus.Requested, (await _shop.FindAsync(payment.Id)).Refunds[0].Status);
        _shop.Account.RefundRefusal = null;
        await _shop.SweepAsync(TimeSpan.FromHours(24));
        await _shop.SweepAsync(TimeSpan.FromHours(1));

        Assert.Equal(3, await _shop.BalanceAsync());
        Assert.Equal(1, _shop.Account.RefundsOf(payment.Id));
        Assert.Equal(PaymentRefundStatus.Succeeded, (await _shop.FindAsync(payment.Id)).Refunds[0].Status);
    }

    [Theory]
    [InlineData("pending", "failed", 5)]
    [InlineData("pending", "succeeded", 3)]
    [InlineData("requires_action", "canceled", 5)]
    public async Task A_refund_of_ours_that_is_under_way_is_followed_to_its_end(string begin, string end, long balance)
    {
        _shop.Account.NewRefund = begin;
        var payment = await _shop.BuyAsync();
        var result = await RefundAsync(payment, 40);
        Assert.Equal(3, await _shop.BalanceAsync());

        _shop.Account.EndRefund(payment.Id, result.Refund!.ProviderRefundId!, end);
        _shop.LoseEvents();
        await _shop.SweepAsync(TimeSpan.FromHours(7));
        await _shop.SweepAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(balance, await _shop.BalanceAsync());
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    private Task<PaymentOrderResult> RefundAsync(Payment payment, long cents) =>
        _shop.Host.Service.RefundAsync(
            new RefundOrder(payment.Id, RefundExtent.Amount, "test") { Amount = new Money(cents, "EUR") },
            Token
        );
}
