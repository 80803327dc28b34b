using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Payments;

/// <summary>Orders of the app and of the person on duty.</summary>
public sealed class PaymentServiceTests
{
    private static CancellationToken Token => PaymentHouse.Token;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_whole_refund_takes_all_credits_back_and_sends_all_money(bool tells)
    {
        await using var house = new PaymentHouse();
        house.First.TellsReversals = tells;
        var payment = await PaidAsync(house);
        var result = await RefundAsync(house, payment);
        Assert.Equal(PaymentOrderStatus.Done, result.Status);
        Assert.Equal((PaymentStatus.Refunded, 5L), (result.Payment!.Status, result.Payment.ReversedCredits));
        Assert.Equal((0, 0L), (await house.BalanceAsync(), house.First.KeptOf(payment)));
        await SweepAsync(house);
        Assert.Equal((0, 0L), (await house.BalanceAsync(), house.First.KeptOf(payment)));

        var again = await RefundAsync(house, payment);
        Assert.Equal(PaymentOrderStatus.NothingLeft, again.Status);
        var line = Assert.Single(await house.Store.ReadEventsAsync(payment.Id, Token), e => e.By is not null);
        Assert.Equal(("sint", PaymentTrigger.Operator), (line.By, line.Trigger));
    }

    [Fact]
    public async Task What_is_unspent_is_refunded_at_its_price_and_nothing_else_is_touched()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        await house.Ledger.GrantAsync(PaymentHouse.Anna, "gift", 10, "gift", cancellationToken: Token);
        await house.Ledger.SpendAsync(PaymentHouse.Anna, "s1", 3, "letter", Token);

        var result = await RefundAsync(house, payment, RefundExtent.Unspent);
        Assert.Equal((PaymentOrderStatus.Done, Money.Euro(0.40m)), (result.Status, result.Refund!.Amount));
        Assert.Equal(10, await house.BalanceAsync());
        Assert.Equal(2, result.Payment!.ReversedCredits);
        Assert.Equal(60, house.First.KeptOf(payment));

        var again = await RefundAsync(house, payment, RefundExtent.Unspent);
        Assert.Equal(PaymentOrderStatus.NothingLeft, again.Status);
        var rest = await RefundAsync(house, payment);
        Assert.Equal(Money.Euro(0.60m), rest.Refund!.Amount);
        Assert.Equal(7, await house.BalanceAsync());
    }

    [Fact]
    public async Task What_is_unspent_is_known_after_the_log_of_its_grant_was_trimmed()
    {
        await using var house = new PaymentHouse(o => o.Retention.Log = TimeSpan.FromDays(1));
        var payment = await PaidAsync(house);
        await house.Ledger.SpendAsync(PaymentHouse.Anna, "s1", 2, "letter", Token);
        house.Clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal(2, await house.Services.GetRequiredService<CreditSweep>().TrimAsync(Token));
        await house.Ledger.SpendAsync(PaymentHouse.Anna, "s2", 1, "letter", Token);

        var result = await RefundAsync(house, payment, RefundExtent.Unspent);
        Assert.Equal((PaymentOrderStatus.Done, Money.Euro(0.40m)), (result.Status, result.Refund?.Amount));
        Assert.Equal((0, 60L), (await house.BalanceAsync(), house.First.KeptOf(payment)));
    }

    [Fact]
    public async Task The_same_key_answers_the_same_refund()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        var first = await RefundAsync(house, payment, RefundExtent.Amount, 20, "k");
        var again = await RefundAsync(house, payment, RefundExtent.Amount, 20, "k");
        Assert.Equal(first.Refund, again.Refund);
        Assert.Equal(80, house.First.KeptOf(payment));

        var other = await RefundAsync(house, payment, RefundExtent.Amount, 30, "k");
        Assert.Equal(PaymentOrderStatus.KeyReused, other.Status);
        Assert.Equal(80, house.First.KeptOf(payment));
        Assert.Equal(4, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_refund_that_the_provider_refuses_gives_the_credits_back()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        house.First.BeforeRefund = _ => throw Failure(PaymentProviderFailure.Rejected);
        var result = await RefundAsync(house, payment);
        Assert.Equal(PaymentOrderStatus.Failed, result.Status);
        Assert.Equal(PaymentStatus.Paid, result.Payment!.Status);
        Assert.Equal((5, 100L), (await house.BalanceAsync(), house.First.KeptOf(payment)));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_refund_in_doubt_keeps_the_credits_back_until_the_sweeper_knows(bool arrived, bool tells)
    {
        await using var house = new PaymentHouse();
        house.First.TellsReversals = tells;
        house.First.IsReadable = false;
        var payment = await PaidAsync(house);
        if (arrived)
        {
            house.First.AfterRefund = _ => throw Failure(PaymentProviderFailure.Unknown);
        }
        else
        {
            house.First.BeforeRefund = _ => throw Failure(PaymentProviderFailure.Unknown);
        }

        var result = await RefundAsync(house, payment, RefundExtent.Amount, 40);
        Assert.Equal(PaymentOrderStatus.Pending, result.Status);
        Assert.Equal(3, await house.BalanceAsync());
        await SweepAsync(house);
        Assert.Equal(3, await house.BalanceAsync());
        Assert.NotEqual(PaymentOrderStatus.Done, (await RefundAsync(house, payment)).Status);

        house.First.BeforeRefund = house.First.AfterRefund = null;
        await SweepAsync(house);
        var after = (await house.Store.FindAsync(payment.Id, Token))!;
        Assert.Equal(PaymentRefundStatus.Succeeded, Assert.Single(after.Refunds).Status);
        Assert.Equal((3, 60L), (await house.BalanceAsync(), house.First.KeptOf(payment)));
        Assert.Null(after.NextCheckAt);
    }

    [Fact]
    public async Task A_refund_in_doubt_is_only_looked_for_once_the_key_may_be_forgotten()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        house.First.BeforeRefund = _ => throw Failure(PaymentProviderFailure.Unknown);
        await RefundAsync(house, payment);
        house.Clock.Advance(house.First.RefundKeyTime);
        var starts = house.First.RefundStarts;
        await SweepAsync(house);
        Assert.Equal(starts, house.First.RefundStarts);
        Assert.Equal((5, 100L), (await house.BalanceAsync(), house.First.KeptOf(payment)));
    }

    [Fact]
    public async Task Refunds_that_race_send_no_more_than_was_paid()
    {
        await using var house = new PaymentHouse();
        await using var other = new PaymentHouse(sharing: house);
        var payment = await PaidAsync(house);
        house.First.BeforeRefund = _ => Task.Delay(5);
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i => RefundAsync(i % 2 == 0 ? house : other, payment, RefundExtent.Amount, 60))
        );
        Assert.Single(results, r => r.Status == PaymentOrderStatus.Done);
        await SweepAsync(house);
        Assert.Equal((2, 40L), (await house.BalanceAsync(), house.First.KeptOf(payment)));
    }

    [Fact]
    public async Task A_refund_made_by_hand_is_recorded_once_and_becomes_the_provider_s_when_it_tells()
    {
        await using var house = new PaymentHouse();
        house.First.TellsReversals = false;
        house.First.IsReadable = false;
        var payment = await PaidAsync(house);
        for (var i = 0; i < 2; i++)
        {
            var result = await house.Service.RecordRefundAsync(
                payment.Id,
                Money.Euro(0.40m),
                "transfer 7",
                "sint",
                Token
            );
            Assert.Equal(PaymentOrderStatus.Done, result.Status);
            Assert.Equal(3, await house.BalanceAsync());
        }

        house.First.Refund(payment.Id, 40);
        house.First.IsReadable = true;
        await SweepAsync(house);
        Assert.Equal(3, await house.BalanceAsync());
        Assert.Equal(PaymentRefundSource.Told, Assert.Single((await FindAsync(house, payment)).Refunds).Source);
    }

    [Fact]
    public async Task What_the_provider_tells_by_itself_is_not_recorded_by_hand()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        var result = await house.Service.RecordRefundAsync(payment.Id, Money.Euro(0.40m), "r", "sint", Token);
        Assert.Equal(PaymentOrderStatus.Unsupported, result.Status);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_provider_without_refunds_says_so_before_anything_happens()
    {
        await using var house = new PaymentHouse();
        house.First.MayRefund = false;
        var payment = await PaidAsync(house);
        Assert.Equal(PaymentOrderStatus.Unsupported, (await RefundAsync(house, payment)).Status);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Theory]
    [InlineData(PaymentResolution.Grant, 5, 100, PaymentStatus.Paid)]
    [InlineData(PaymentResolution.Refund, 0, 0, PaymentStatus.Refunded)]
    public async Task A_person_resolves_what_does_not_match(
        PaymentResolution resolution,
        long balance,
        long kept,
        PaymentStatus status
    )
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.First.Distort = p => p with { Mode = PaymentMode.Live };
        Assert.Equal(PaymentStatus.Review, (await house.SettleAsync(payment))!.Status);

        await house.Service.ResolveAsync(payment.Id, resolution, "sint", Token);
        await SweepAsync(house);
        Assert.Equal((balance, kept), (await house.BalanceAsync(), house.First.KeptOf(payment)));
        Assert.Equal(status, (await FindAsync(house, payment)).Status);
        var again = await house.Service.ResolveAsync(payment.Id, resolution, "sint", Token);
        Assert.Equal(PaymentOrderStatus.NotAllowed, again.Status);
        Assert.Contains(await house.Store.ReadEventsAsync(payment.Id, Token), e => e.By == "sint");
    }

    [Theory]
    [InlineData(PaymentResolution.Grant, 50, 5, 50)]
    [InlineData(PaymentResolution.Refund, 50, 0, 0)]
    [InlineData(PaymentResolution.Grant, 130, 5, 130)]
    [InlineData(PaymentResolution.Refund, 130, 0, 0)]
    public async Task What_was_really_paid_is_what_a_person_accepts_and_sends_back(
        PaymentResolution resolution,
        long paid,
        long balance,
        long kept
    )
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.SetAmount(payment.Id, paid);
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        Assert.Equal(PaymentStatus.Review, (await house.SettleAsync(payment))!.Status);

        var result = await house.Service.ResolveAsync(payment.Id, resolution, "sint", Token);
        Assert.Equal(PaymentOrderStatus.Done, result.Status);
        await SweepAsync(house);
        Assert.Equal((balance, kept), (await house.BalanceAsync(), house.First.KeptOf(payment)));
        Assert.Equal(paid, (await FindAsync(house, payment)).Price.Amount);
        Assert.Contains(
            await house.Store.ReadEventsAsync(payment.Id, Token),
            e => e.By == "sint" && e.Detail!.Contains("1.00 EUR was ordered", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Nothing_is_resolved_while_the_provider_cannot_tell_what_was_paid()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.SetAmount(payment.Id, 50);
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(payment);
        house.First.BeforeGet = _ => throw Failure(PaymentProviderFailure.Unavailable);

        var result = await house.Service.ResolveAsync(payment.Id, PaymentResolution.Grant, "sint", Token);
        Assert.Equal(PaymentOrderStatus.Unavailable, result.Status);
        Assert.Equal(PaymentStatus.Review, (await FindAsync(house, payment)).Status);
        Assert.Equal(0, await house.BalanceAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("two\nlines")]
    [InlineData(null)]
    public async Task A_reference_or_key_that_cannot_be_one_is_refused(string? text)
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        text ??= new string('x', 129);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            house.Service.RecordRefundAsync(payment.Id, Money.Euro(0.40m), text, "sint", Token)
        );
        await Assert.ThrowsAsync<ArgumentException>(() => RefundAsync(house, payment, key: text));
        Assert.Empty((await FindAsync(house, payment)).Refunds);
    }

    [Fact]
    public async Task More_refunds_than_are_kept_hold_up_nobody_else()
    {
        await using var house = new PaymentHouse();
        house.First.TellsReversals = false;
        var many = await PaidAsync(house);
        for (var i = 0; i <= PaymentRefunds.MaxCount; i++)
        {
            house.First.Refund(many.Id, 1);
        }

        house.Clock.Advance(TimeSpan.FromHours(1));
        var other = await PaidAsync(house);
        house.First.Refund(other.Id, 100);
        for (var i = 0; i < 5; i++)
        {
            await SweepAsync(house);
        }

        Assert.Equal(PaymentRefunds.MaxCount, (await FindAsync(house, many)).Refunds.Count);
        Assert.Equal(PaymentStatus.Refunded, (await FindAsync(house, other)).Status);
        var record = await house.Service.RecordRefundAsync(many.Id, Money.Euro(0.01m), "r", "sint", Token);
        Assert.Equal(PaymentOrderStatus.NotAllowed, record.Status);
    }

    [Fact]
    public async Task A_recheck_mends_a_review_whose_cause_is_gone()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.First.Distort = p => p with { Mode = PaymentMode.Live };
        await house.SettleAsync(payment);
        house.First.Distort = p => p;
        var result = await house.Service.RecheckAsync(payment.Id, "sint", Token);
        Assert.Equal(PaymentStatus.Paid, result.Payment!.Status);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task Only_a_paid_payment_can_be_refunded()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        Assert.Equal(PaymentOrderStatus.NotAllowed, (await RefundAsync(house, payment)).Status);
        var missing = await house.Service.RefundAsync(new RefundOrder("none", RefundExtent.Whole, "sint"), Token);
        Assert.Equal(PaymentOrderStatus.NotFound, missing.Status);
    }

    private static Task<PaymentOrderResult> RefundAsync(
        PaymentHouse house,
        Payment payment,
        RefundExtent extent = RefundExtent.Whole,
        long cents = 0,
        string? key = null
    ) =>
        house.Service.RefundAsync(
            new RefundOrder(payment.Id, extent, "sint")
            {
                Amount = cents > 0 ? new Money(cents, "EUR") : null,
                RequestKey = key,
            },
            Token
        );

    private static async Task<Payment> PaidAsync(PaymentHouse house)
    {
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
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

    private static PaymentProviderException Failure(PaymentProviderFailure failure) => new("first", failure, "no");
}
