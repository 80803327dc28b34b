using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Payments;

public sealed class AccountWithdrawalTests
{
    private static CancellationToken Token => PaymentHouse.Token;

    [Fact]
    public async Task All_that_is_open_is_quoted_and_withdrawn_together_each_for_what_was_shown()
    {
        await using var house = House();
        var (first, second) = (await PaidAsync(house, "five"), await PaidAsync(house, "month"));
        await house.OrderedAsync();
        var withdrawals = house.Services.GetRequiredService<AccountWithdrawals>();

        var quotes = await withdrawals.QuoteAsync(PaymentHouse.Anna, Token);
        Assert.Equal([(second.Id, 500), (first.Id, 100)], quotes.Select(q => (q.Payment.Id, q.Amount.Amount)));

        var results = await withdrawals.ConfirmAsync(
            PaymentHouse.Anna,
            new Dictionary<string, long> { [first.Id] = 99, [second.Id] = 500 },
            Token
        );
        Assert.Equal([WithdrawalStatus.Changed, WithdrawalStatus.Accepted], results.Select(r => r.Status));
        Assert.Equal(first.Id, Assert.Single(await withdrawals.QuoteAsync(PaymentHouse.Anna, Token)).Payment.Id);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task Another_s_payment_is_not_found_and_no_amount_is_below_nothing()
    {
        await using var house = House();
        var payment = await PaidAsync(house, "five");
        var withdrawals = house.Services.GetRequiredService<AccountWithdrawals>();
        var shown = new Dictionary<string, long> { [payment.Id] = 100, ["none"] = 100 };

        var eve = await withdrawals.ConfirmAsync(new AccountId("eve"), shown, Token);
        var below = await withdrawals.ConfirmAsync(
            PaymentHouse.Anna,
            new Dictionary<string, long> { [payment.Id] = -1 },
            Token
        );

        Assert.All(eve, r => Assert.Equal((WithdrawalStatus.NotFound, null), (r.Status, r.Payment)));
        Assert.Equal(WithdrawalStatus.Changed, Assert.Single(below).Status);
        Assert.Equal(5, await house.BalanceAsync());
    }

    private static PaymentHouse House() => new(o => o.Withdrawal.Days = 14);

    private static async Task<Payment> PaidAsync(PaymentHouse house, string pack)
    {
        var payment = await house.OrderedAsync(pack);
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        return (await house.SettleAsync(payment))!;
    }
}
