using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Payments;

/// <summary>What happens to credits when money goes back, whoever tells us and in whatever order.</summary>
public sealed class ReversalTests
{
    private static CancellationToken Token => PaymentHouse.Token;

    [Fact]
    public async Task A_refund_takes_back_the_whole_credits_that_it_is_worth()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        house.First.Refund(payment.Id, 39);
        var partly = await AgainAsync(house, payment);
        Assert.Equal((PaymentStatus.Paid, 1L), (partly.Status, partly.ReversedCredits));
        Assert.Equal(Money.Euro(0.39m), partly.Refunded);
        Assert.Equal(4, await house.BalanceAsync());

        house.First.Refund(payment.Id, 61);
        var whole = await AgainAsync(house, payment);
        Assert.Equal((PaymentStatus.Refunded, 5L), (whole.Status, whole.ReversedCredits));
        Assert.Equal(0, await house.BalanceAsync());
        Assert.Equal(
            ["payment:" + payment.Id + ":rev:2", "payment:" + payment.Id + ":rev:1", "payment:" + payment.Id],
            (await house.Ledger.ReadHistoryAsync(PaymentHouse.Anna, cancellationToken: Token)).Select(e =>
                e.OperationId
            )
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_refunds_of_ten_cents_take_back_all_credits_in_any_order_of_news(bool tells)
    {
        await using var house = new PaymentHouse();
        house.First.TellsReversals = tells;
        var payment = await PaidAsync(house);
        for (var i = 1; i <= 10; i++)
        {
            house.First.Refund(payment.Id, 10);
            if (i % 3 == 0)
            {
                await SweepAsync(house);
                Assert.Equal(5 - (5 * i * 10 / 100), await house.BalanceAsync());
            }
        }

        await SweepAsync(house);
        Assert.Equal(0, await house.BalanceAsync());
        Assert.Equal(PaymentStatus.Refunded, (await FindAsync(house, payment)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refund_that_fails_gives_the_credits_back(bool tells)
    {
        await using var house = new PaymentHouse();
        house.First.TellsReversals = tells;
        var payment = await PaidAsync(house);
        var refund = house.First.Refund(payment.Id, 100, PaymentRefundStatus.Pending);
        await SweepAsync(house);
        Assert.Equal(0, await house.BalanceAsync());

        house.First.EndRefund(payment.Id, refund, PaymentRefundStatus.Failed);
        await SweepAsync(house);
        var after = await FindAsync(house, payment);
        Assert.Equal((PaymentStatus.Paid, 0L, null), (after.Status, after.ReversedCredits, after.Refunded));
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_refund_and_a_dispute_of_one_charge_never_count_twice()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        house.First.Refund(payment.Id, 50);
        house.First.Dispute(payment.Id, withdrawn: 100);
        var after = await AgainAsync(house, payment);
        Assert.Equal((PaymentStatus.Disputed, 5L), (after.Status, after.ReversedCredits));
        Assert.Equal(0, await house.BalanceAsync());

        house.First.Dispute(payment.Id, withdrawn: 0);
        var won = await AgainAsync(house, payment);
        Assert.Equal((PaymentStatus.Paid, 2L), (won.Status, won.ReversedCredits));
        Assert.Equal(3, await house.BalanceAsync());
    }

    [Theory]
    [InlineData(false, 5)]
    [InlineData(true, 0)]
    public async Task An_inquiry_moves_no_credits_unless_the_app_holds_them(bool holds, long balance)
    {
        await using var house = new PaymentHouse(o => o.HoldCreditsInDispute = holds);
        var payment = await PaidAsync(house);
        house.First.Dispute(payment.Id, withdrawn: 0, contested: 100);
        var asked = await AgainAsync(house, payment);
        Assert.Equal(PaymentStatus.Paid, asked.Status);
        Assert.Equal(balance, await house.BalanceAsync());

        house.First.Dispute(payment.Id, withdrawn: 0);
        await AgainAsync(house, payment);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task Spent_credits_that_are_taken_back_become_debt()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        await house.Ledger.SpendAsync(PaymentHouse.Anna, "letter", 4, "letter", Token);
        house.First.Refund(payment.Id, 100);
        await AgainAsync(house, payment);
        Assert.Equal(-4, await house.BalanceAsync());
    }

    [Fact]
    public async Task Money_that_went_back_before_we_saw_the_payment_leaves_no_credits()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.First.Refund(payment.Id, 100);
        Assert.Equal(PaymentStatus.Refunded, (await house.SettleAsync(payment))!.Status);
        Assert.Equal(0, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_reversal_that_a_crash_cut_off_before_the_ledger_or_after_it_is_finished_once()
    {
        foreach (var ledgerHeard in new[] { false, true })
        {
            await using var house = new PaymentHouse();
            var payment = await PaidAsync(house);
            house.First.Refund(payment.Id, 40);
            var cut = await FindAsync(house, payment);
            cut = cut with { Reversals = 1, Reversal = new PaymentReversal(1, PaymentReversalKind.Revoke, 2) };
            cut = (await house.Store.TryUpdateAsync(cut with { NextCheckAt = house.Clock.GetUtcNow() }, null, Token))!;
            if (ledgerHeard)
            {
                await house.Ledger.RevokeAsync(
                    PaymentHouse.Anna,
                    cut.Reversal!.IdOf(cut),
                    cut.GrantId,
                    2,
                    "reversal",
                    Token
                );
            }

            await house.Worker.SweepPaymentsAsync(Token);
            var after = await FindAsync(house, payment);
            Assert.Equal((2L, null), (after.ReversedCredits, after.Reversal));
            Assert.Equal(3, await house.BalanceAsync());
        }
    }

    [Fact]
    public async Task Polls_and_returning_customers_never_ask_about_a_granted_payment()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        house.Clock.Advance(TimeSpan.FromHours(1));
        var gets = house.First.Gets;
        await house.SettleAsync(payment, PaymentTrigger.Poll);
        await house.SettleAsync(payment, PaymentTrigger.Return);
        await house.SettleAsync(payment, PaymentTrigger.Cancel);
        await house.SettleAsync(payment, PaymentTrigger.Checkout);
        Assert.Equal(gets, house.First.Gets);
    }

    [Fact]
    public async Task A_swarm_of_messages_about_a_granted_payment_costs_few_questions_and_loses_none()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        var gets = house.First.Gets;
        house.First.Refund(payment.Id, 100);
        for (var i = 0; i < 50; i++)
        {
            await house.SettleAsync(payment);
        }

        Assert.Equal(gets, house.First.Gets);
        house.Clock.Advance(PaymentSettler.GrantedInterval);
        await house.Worker.SweepPaymentsAsync(Token);
        Assert.Equal(gets + 1, house.First.Gets);
        Assert.Equal(0, await house.BalanceAsync());
    }

    [Fact]
    public async Task Lost_messages_are_found_in_the_provider_s_list()
    {
        await using var house = new PaymentHouse();
        var payments = new List<Payment>();
        for (var i = 0; i < 3; i++)
        {
            payments.Add(await PaidAsync(house));
        }

        house.First.Refund(payments[0].Id, 100);
        house.First.Dispute(payments[1].Id, 100);
        await SweepAsync(house);
        Assert.Equal(PaymentStatus.Refunded, (await FindAsync(house, payments[0])).Status);
        Assert.Equal(PaymentStatus.Disputed, (await FindAsync(house, payments[1])).Status);
        Assert.Equal(PaymentStatus.Paid, (await FindAsync(house, payments[2])).Status);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_granted_payment_that_no_longer_matches_goes_to_review_and_keeps_its_credits()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        house.First.Distort = p => p with { Status = ProviderPaymentStatus.Failed };
        Assert.Equal(PaymentStatus.Review, (await AgainAsync(house, payment)).Status);
        Assert.Equal(5, await house.BalanceAsync());

        house.First.Distort = p => p;
        var looked = await house.SettleAsync(payment, PaymentTrigger.Operator);
        Assert.Equal(PaymentStatus.Paid, looked!.Status);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Theory]
    [InlineData(5, 100, 0, 0)]
    [InlineData(5, 100, 19, 0)]
    [InlineData(5, 100, 20, 1)]
    [InlineData(5, 100, 99, 4)]
    [InlineData(5, 100, 100, 5)]
    [InlineData(5, 100, 250, 5)]
    [InlineData(1_000_000_000, 99_999_999, 99_999_998, 999_999_989)]
    public void The_target_is_rounded_down_until_all_went_back(long credits, long paid, long reversed, long target) =>
        Assert.Equal(target, ReversalRule.TargetOf(credits, paid, reversed));

    [Fact]
    public void The_price_of_credits_never_takes_back_more_than_those()
    {
        foreach (
            var (credits, paid) in new[] { (5L, 100L), (3L, 100L), (7L, 100L), (1000L, 100L), (30L, 500L), (1L, 1L) }
        )
        {
            for (var target = 0L; target <= credits; target++)
            {
                var reversed = ReversalRule.ReversedFor(credits, paid, target);
                var taken = ReversalRule.TargetOf(credits, paid, reversed);
                Assert.InRange(taken, credits <= paid ? target : 0, target);
                Assert.InRange(reversed, 0, paid);
            }
        }
    }

    private static async Task<Payment> PaidAsync(PaymentHouse house)
    {
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        return (await house.SettleAsync(payment))!;
    }

    private static async Task<Payment> AgainAsync(PaymentHouse house, Payment payment)
    {
        house.Clock.Advance(PaymentSettler.GrantedInterval);
        return (await house.SettleAsync(payment))!;
    }

    private static async Task SweepAsync(PaymentHouse house)
    {
        for (var i = 0; i < 3; i++)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(10));
            await house.Feeds.ReadAsync(Token);
            await house.Worker.SweepPaymentsAsync(Token);
        }
    }

    private static async Task<Payment> FindAsync(PaymentHouse house, Payment payment) =>
        (await house.Store.FindAsync(payment.Id, Token))!;
}
