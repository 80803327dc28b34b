using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NSubstitute;
using PayPerUse.Core.Tests.Receipts;
using PayPerUse.Credits;
using PayPerUse.Notices;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Core.Tests.Payments;

public sealed class WithdrawalTests
{
    private static CancellationToken Token => PaymentHouse.Token;

    [Fact]
    public async Task What_is_unspent_is_quoted_and_then_refunded_once_however_often_it_is_asked()
    {
        await using var house = House();
        var payment = await PaidAsync(house);
        await SpendAsync(house, 2);

        var quote = (await QuoteAsync(house, payment))!;
        Assert.Equal((3, 60), (quote.Credits, quote.Amount.Amount));
        Assert.True(quote.IsOpen);
        Assert.False(quote.IsByHand);

        var first = await ConfirmAsync(house, payment, quote.Amount);
        var again = await ConfirmAsync(house, payment, quote.Amount);

        Assert.Equal(WithdrawalStatus.Accepted, first.Status);
        Assert.Equal(WithdrawalStatus.Accepted, again.Status);
        Assert.Equal(first.Refund, again.Refund);
        Assert.Equal(60, first.Refund!.Amount.Amount);
        Assert.Equal(house.Clock.GetUtcNow(), first.Refund.At);
        Assert.Equal(1, house.First.RefundStarts);
        Assert.Equal(0, await house.BalanceAsync());
        Assert.Equal(Money.Euro(0.60m), (await house.Store.FindAsync(payment.Id, Token))!.Refunded);
    }

    [Fact]
    public async Task Two_confirmations_at_once_are_one_refund()
    {
        await using var house = House();
        var payment = await PaidAsync(house);

        var results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => ConfirmAsync(house, payment, null)))
        );

        // However often the provider was asked for it: a settlement asks again for what may not have arrived.
        Assert.All(results, r => Assert.Equal(WithdrawalStatus.Accepted, r.Status));
        Assert.Single(results.Select(r => r.Refund!.Id).Distinct());
        Assert.Single((await house.Store.FindAsync(payment.Id, Token))!.Refunds);
        Assert.Equal(0, house.First.KeptOf(payment));
        Assert.Equal(0, await house.BalanceAsync());
    }

    [Fact]
    public async Task Who_reads_a_payment_just_before_it_is_withdrawn_is_told_of_that_withdrawal()
    {
        await using var house = House();
        var payment = await PaidAsync(house);
        var before = await house.Store.FindAsync(payment.Id, Token);
        var made = await ConfirmAsync(house, payment, null);
        var store = Substitute.For<IPaymentStore>();
        store
            .FindAsync(payment.Id, Arg.Any<CancellationToken>())
            .Returns(_ => Task.FromResult(before), _ => house.Store.FindAsync(payment.Id, Token));
        var late = ActivatorUtilities.CreateInstance<WithdrawalService>(house.Services, store);

        var result = await late.ConfirmAsync(payment.Id, null, Token);

        Assert.Equal((WithdrawalStatus.Accepted, made.Refund!.Id), (result.Status, result.Refund?.Id));
    }

    [Fact]
    public async Task A_credit_that_was_spent_since_the_quote_is_told_and_nothing_happens()
    {
        await using var house = House();
        var payment = await PaidAsync(house);
        var quote = (await QuoteAsync(house, payment))!;
        await SpendAsync(house, 1);

        var result = await ConfirmAsync(house, payment, quote.Amount);

        Assert.Equal(WithdrawalStatus.Changed, result.Status);
        Assert.Equal(4, await house.BalanceAsync());
        Assert.Equal(0, house.First.RefundStarts);
    }

    [Fact]
    public async Task Nothing_is_withdrawn_when_all_is_spent_or_the_time_is_over()
    {
        await using var house = House();
        var spent = await PaidAsync(house);
        await SpendAsync(house, 5);
        var late = await PaidAsync(house);

        Assert.Equal(WithdrawalStatus.NothingLeft, (await ConfirmAsync(house, spent, null)).Status);
        house.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal(WithdrawalStatus.Over, (await ConfirmAsync(house, late, null)).Status);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Theory]
    [InlineData("2026-11-24T12:00:00Z", "2026-12-08T23:00:00Z")]
    [InlineData("2026-11-24T23:30:00Z", "2026-12-09T23:00:00Z")] // Already the 25th in Brussels.
    [InlineData("2026-11-28T12:00:00Z", "2026-12-14T23:00:00Z")] // The 14th day is a Saturday.
    [InlineData("2026-03-20T12:00:00Z", "2026-04-03T22:00:00Z")] // Summer time began meanwhile.
    public void The_time_ends_with_the_last_day_in_the_seller_s_time_zone(string paid, string end)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        Assert.Equal(
            DateTimeOffset.Parse(end, culture),
            new WithdrawalOptions { Days = 14 }.EndOf(DateTimeOffset.Parse(paid, culture))
        );
    }

    [Fact]
    public async Task An_app_that_offers_none_quotes_none()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);

        Assert.Null(await QuoteAsync(house, payment));
        Assert.Equal(WithdrawalStatus.NotFound, (await ConfirmAsync(house, payment, null)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_the_provider_cannot_refund_a_person_is_owed_the_transfer(bool tellsReversals)
    {
        await using var house = House();
        house.First.MayRefund = false;
        house.First.TellsReversals = tellsReversals;
        var payment = await PaidAsync(house);
        await SpendAsync(house, 1);

        var quote = (await QuoteAsync(house, payment))!;
        var result = await ConfirmAsync(house, payment, quote.Amount);
        var again = await ConfirmAsync(house, payment, quote.Amount);

        Assert.True(quote.IsByHand);
        Assert.Equal(WithdrawalStatus.Accepted, result.Status);
        Assert.Equal(result.Refund, again.Refund);
        Assert.True(result.Refund!.IsOwed);
        Assert.Equal(0, house.First.RefundStarts);

        // Closed off at once: nothing can be spent that is on its way back.
        Assert.Equal(0, await house.BalanceAsync());
        var pages = house.Services.GetRequiredService<IPaymentPages>();
        Assert.Equal(payment.Id, Assert.Single(await pages.ListOwedAsync(10, Token)).Id);

        // Transferring and recording it changes nothing but that it is done.
        var recorded = await house.Service.RecordRefundAsync(payment.Id, quote.Amount, "OGM-1", "mia", Token);
        Assert.Equal(PaymentOrderStatus.Done, recorded.Status);
        Assert.Empty(await pages.ListOwedAsync(10, Token));
        var done = (await house.Store.FindAsync(payment.Id, Token))!;
        Assert.Equal(Money.Euro(0.80m), done.Refunded);
        Assert.Equal(4, done.ReversedCredits);
        Assert.Single(WithdrawalService.Of(done));
        var events = await house.Store.ReadEventsAsync(payment.Id, Token);
        Assert.Contains(events, e => e.By == WithdrawalService.By);
        Assert.Contains(events, e => e.By == "mia");
    }

    [Fact]
    public async Task Recording_what_is_owed_forgets_nothing_that_the_provider_told_of()
    {
        await using var house = House();
        house.First.MayRefund = false;
        var payment = await PaidAsync(house);
        house.First.Refund(payment.Id, 20);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await house.SettleAsync(payment);
        var owed = (await ConfirmAsync(house, payment, null)).Refund!;
        Assert.Equal((80, 0), (owed.Amount.Amount, await house.BalanceAsync()));

        await house.Service.RecordRefundAsync(payment.Id, owed.Amount, "OGM-1", "mia", Token);

        Assert.Equal(0, await house.BalanceAsync());
        var recorded = (await house.Store.FindAsync(payment.Id, Token))!;
        Assert.Equal(recorded.Price, recorded.Refunded);
        Assert.Equal(house.Clock.GetUtcNow(), recorded.NextCheckAt);
        Assert.Equal(1, await house.Worker.SweepPaymentsAsync(Token));
        Assert.Equal(0, await house.BalanceAsync());
        Assert.Equal(PaymentStatus.Refunded, (await house.Store.FindAsync(payment.Id, Token))!.Status);
    }

    [Fact]
    public async Task What_the_provider_tells_after_the_quote_is_told_and_nothing_happens()
    {
        await using var house = House();
        var payment = await PaidAsync(house);
        var quote = (await QuoteAsync(house, payment))!;
        house.First.Refund(payment.Id, 40);

        var result = await ConfirmAsync(house, payment, quote.Amount);

        Assert.Equal(WithdrawalStatus.Changed, result.Status);
        Assert.Equal(0, house.First.RefundStarts);
        Assert.Equal(60, (await QuoteAsync(house, payment))!.Amount.Amount);
        Assert.Equal(WithdrawalStatus.Accepted, (await ConfirmAsync(house, payment, Money.Euro(0.60m))).Status);
    }

    [Fact]
    public async Task A_refused_refund_gives_the_credits_back_and_may_be_asked_for_again()
    {
        await using var house = House();
        var payment = await PaidAsync(house);
        house.First.BeforeRefund = _ =>
            throw new PaymentProviderException("first", PaymentProviderFailure.Rejected, "no");

        Assert.Equal(WithdrawalStatus.Refused, (await ConfirmAsync(house, payment, null)).Status);
        Assert.Equal(5, await house.BalanceAsync());
        house.First.BeforeRefund = null;

        Assert.Equal(WithdrawalStatus.Accepted, (await ConfirmAsync(house, payment, null)).Status);
        Assert.Equal(0, await house.BalanceAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_spent_while_a_withdrawal_is_carried_out_is_not_paid_back(bool mayRefund)
    {
        var store = DispatchProxy.Create<IPaymentStore, AfterUpdate>();
        await using var house = House(b => b.Services.Replace(ServiceDescriptor.Singleton(store)));
        house.First.MayRefund = mayRefund;
        house.First.TellsReversals = mayRefund;
        var between = (AfterUpdate)(object)store;
        between.Inner = house.Services.GetRequiredService<InMemoryPaymentStore>();
        var payment = await PaidAsync(house);
        between.Act = saved => saved.Refunds.Count > 0 ? SpendAsync(house, 2) : null;

        var result = await ConfirmAsync(house, payment, null);

        Assert.Equal(WithdrawalStatus.Refused, result.Status);
        Assert.Equal(0, house.First.RefundStarts);
        Assert.Equal(3, await house.BalanceAsync());
        Assert.Equal(60, (await QuoteAsync(house, payment))!.Amount.Amount);
    }

    [Fact]
    public async Task The_app_hears_of_it_and_a_credit_note_is_issued()
    {
        await using var house = House(b => b.AddSeller(Sint.Sells));
        house.First.MayRefund = false;
        house.First.TellsReversals = false;
        var payment = await PaidAsync(house);
        await ConfirmAsync(house, payment, null);

        await house.Services.GetRequiredService<CreditEventsWorker>().DeliverAsync(Token);

        var receipts = await house.Services.GetRequiredService<IReceiptStore>().FindAsync([payment.Id], Token);
        Assert.Equal([ReceiptKind.Receipt, ReceiptKind.CreditNote], receipts.Select(r => r.Kind));
        Assert.Equal(receipts[0].Amount, receipts[1].Amount);
    }

    private static PaymentHouse House(Action<IPayPerUseBuilder>? build = null) =>
        new(o => o.Withdrawal.Days = 14, build: build);

    private static WithdrawalService ServiceOf(PaymentHouse house) =>
        house.Services.GetRequiredService<WithdrawalService>();

    private static Task<WithdrawalResult> ConfirmAsync(PaymentHouse house, Payment payment, Money? shown) =>
        ServiceOf(house).ConfirmAsync(payment.Id, shown, Token);

    private static async Task<WithdrawalQuote?> QuoteAsync(PaymentHouse house, Payment payment) =>
        await ServiceOf(house).QuoteAsync((await house.Store.FindAsync(payment.Id, Token))!, Token);

    private static async Task SpendAsync(PaymentHouse house, long credits) =>
        Assert.Equal(
            CreditStatus.Applied,
            (
                await house.Ledger.SpendAsync(PaymentHouse.Anna, "test:" + Guid.NewGuid(), credits, "letter", Token)
            ).Status
        );

    private static async Task<Payment> PaidAsync(PaymentHouse house)
    {
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        return (await house.SettleAsync(payment))!;
    }

    /// <summary>Something that happens once, right after a payment was saved.</summary>
    public class AfterUpdate : DispatchProxy
    {
        public IPaymentStore Inner { get; set; } = null!;

        public Func<Payment, Task?>? Act { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var result = targetMethod!.Invoke(Inner, args);
            return targetMethod.Name == nameof(IPaymentStore.TryUpdateAsync)
                ? ActAfterAsync((Task<Payment?>)result!)
                : result;
        }

        private async Task<Payment?> ActAfterAsync(Task<Payment?> update)
        {
            var saved = await update;
            if (saved is not null && Act?.Invoke(saved) is { } act)
            {
                Act = null;
                await act;
            }

            return saved;
        }
    }
}
