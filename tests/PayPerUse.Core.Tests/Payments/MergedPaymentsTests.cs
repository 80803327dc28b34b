using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Core.Tests.Payments;

/// <summary>
/// A guest's payments after the guest was merged into Bert's account: the payment stays the guest's, its credits are Bert's.
/// (The guest is <see cref="PaymentHouse.Anna"/>, who orders everything in this house.)
/// </summary>
public sealed class MergedPaymentsTests
{
    private static readonly AccountId Bert = new("bert");
    private static readonly AccountId Cleo = new("cleo");

    private static CancellationToken Token => PaymentHouse.Token;

    [Theory]
    [InlineData(PaymentTrigger.Webhook)]
    [InlineData(PaymentTrigger.Return)]
    [InlineData(PaymentTrigger.Sweep)]
    public async Task Money_that_arrives_after_the_merge_follows_once(PaymentTrigger trigger)
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        await MergeAsync(house, PaymentHouse.Anna, Bert);
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.Clock.Advance(PaymentSettler.PollInterval);
        for (var i = 0; i < 3; i++)
        {
            var settled = await house.SettleAsync(payment, trigger);
            Assert.Equal((PaymentStatus.Paid, PaymentHouse.Anna), (settled!.Status, settled.Account));
        }

        Assert.Equal((0, 5), (await house.BalanceAsync(), await BalanceAsync(house, Bert)));
        await VerifyAsync(house);
    }

    [Fact]
    public async Task Money_follows_over_two_merges()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        await MergeAsync(house, PaymentHouse.Anna, Bert);
        await MergeAsync(house, Bert, Cleo);
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(payment);
        Assert.Equal(5, await BalanceAsync(house, Cleo));
        await VerifyAsync(house);
    }

    [Fact]
    public async Task A_crash_between_the_grant_the_merge_and_the_payment_row_grants_once()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);

        // What a host that died after the ledger's answer leaves behind: credits, and a payment that does not know.
        await house.Ledger.GrantAsync(PaymentHouse.Anna, payment.GrantId, 5, "five", cancellationToken: Token);
        await house.Ledger.SpendAsync(PaymentHouse.Anna, "s", 2, "letter", Token);
        await MergeAsync(house, PaymentHouse.Anna, Bert);
        var settled = await house.SettleAsync(payment);
        Assert.Equal(PaymentStatus.Paid, settled!.Status);
        Assert.Equal((0, 3), (await house.BalanceAsync(), await BalanceAsync(house, Bert)));
        await VerifyAsync(house);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refund_after_the_merge_takes_back_where_the_credits_are_and_the_rest_is_debt(bool usedBefore)
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        if (usedBefore)
        {
            await house.Ledger.SpendAsync(PaymentHouse.Anna, "s", 3, "letter", Token);
        }

        await MergeAsync(house, PaymentHouse.Anna, Bert);
        if (!usedBefore)
        {
            await house.Ledger.SpendAsync(Bert, "s", 3, "letter", Token);
        }

        house.First.Refund(payment.Id, 100);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var refunded = await house.SettleAsync(payment);
        Assert.Equal((PaymentStatus.Refunded, 5L), (refunded!.Status, refunded.ReversedCredits));
        Assert.Equal((0, -3), (await house.BalanceAsync(), await BalanceAsync(house, Bert)));
        await VerifyAsync(house);
    }

    [Fact]
    public async Task A_dispute_that_is_won_after_the_merge_gives_back_where_the_credits_are()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        house.First.Dispute(payment.Id, 100);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await house.SettleAsync(payment);
        Assert.Equal(0, await house.BalanceAsync());
        await MergeAsync(house, PaymentHouse.Anna, Bert);
        house.First.Dispute(payment.Id, 0);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await house.SettleAsync(payment);
        Assert.Equal((0, 5), (await house.BalanceAsync(), await BalanceAsync(house, Bert)));
        await VerifyAsync(house);
    }

    [Fact]
    public async Task What_is_unspent_is_counted_where_the_credits_are()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        await house.Ledger.SpendAsync(PaymentHouse.Anna, "s1", 1, "letter", Token);
        await MergeAsync(house, PaymentHouse.Anna, Bert);
        await house.Ledger.SpendAsync(Bert, "s2", 2, "letter", Token);
        var result = await house.Service.RefundAsync(new RefundOrder(payment.Id, RefundExtent.Unspent, "sint"), Token);
        Assert.Equal((PaymentOrderStatus.Done, Money.Euro(0.40m)), (result.Status, result.Refund!.Amount));
        Assert.Equal(0, await BalanceAsync(house, Bert));
        await VerifyAsync(house);
    }

    [Fact]
    public async Task Payments_of_merged_accounts_are_found_and_listed_by_who_has_the_credits_and_by_nobody_else()
    {
        await using var house = new PaymentHouse();
        var first = await PaidAsync(house);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var own = (await house.Checkout.CreateAsync(new CheckoutOrder(Cleo, "five"), Token)).Payment!;
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await house.OrderedAsync("month");
        await MergeAsync(house, PaymentHouse.Anna, Bert);
        await MergeAsync(house, Bert, Cleo);

        var payments = house.Services.GetRequiredService<AccountPayments>();
        Assert.Equal([second.Id, own.Id, first.Id], (await payments.ListAsync(Cleo, 10, Token)).Select(p => p.Id));
        Assert.Equal([second.Id, own.Id], (await payments.ListAsync(Cleo, 2, Token)).Select(p => p.Id));
        Assert.NotNull(await payments.FindAsync(Cleo, first.Id, Token));
        Assert.Null(await payments.FindAsync(new AccountId("dora"), first.Id, Token));
        Assert.Null(await payments.FindAsync(Bert, own.Id, Token));
        Assert.Null(await payments.FindAsync(Cleo, "0123456789abcdef0123456789abcdef", Token));
    }

    private static async Task<Payment> PaidAsync(PaymentHouse house)
    {
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(payment);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        return payment;
    }

    private static async Task MergeAsync(PaymentHouse house, AccountId source, AccountId target)
    {
        var result = await house.Ledger.MergeAsync(source, target, Token);
        Assert.Equal(new CreditMergeResult(CreditMergeStatus.Merged, target), result);
    }

    private static async Task<long> BalanceAsync(PaymentHouse house, AccountId account) =>
        (await house.Ledger.ReadBalanceAsync(account, Token)).Balance;

    private static async Task VerifyAsync(PaymentHouse house)
    {
        await foreach (var verdict in house.Ledger.VerifyAsync(Token))
        {
            Assert.True(verdict.IsClean, verdict.ToString());
        }
    }
}
