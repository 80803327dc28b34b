using PayPerUse.Payments;
using PayPerUse.Stripe.Tests.World;

namespace PayPerUse.Stripe.Tests;

public sealed class DisputeTests : IAsyncDisposable
{
    private readonly StripeShop _shop = new();

    [Theory]
    [InlineData("warning_needs_response")]
    [InlineData("warning_under_review")]
    public async Task An_inquiry_moves_no_credits(string status)
    {
        var payment = await _shop.BuyAsync();

        var inquiry = _shop.Account.Dispute(payment.Id, 100, status);
        await _shop.HearAsync();
        _shop.Account.EndDispute(payment.Id, inquiry, "warning_closed");
        await _shop.HearAsync();

        Assert.Equal(5, await _shop.BalanceAsync());
        Assert.Equal(PaymentStatus.Paid, (await _shop.FindAsync(payment.Id)).Status);
    }

    [Fact]
    public async Task A_dispute_takes_credits_back_only_once_its_money_is_withdrawn()
    {
        var payment = await _shop.BuyAsync();

        var dispute = _shop.Account.Dispute(payment.Id, 100, "needs_response");
        await _shop.HearAsync();
        Assert.Equal(5, await _shop.BalanceAsync());

        _shop.Account.Move(payment.Id, dispute, -100);
        await _shop.HearAsync();
        Assert.Equal(0, await _shop.BalanceAsync());
        Assert.Equal(PaymentStatus.Disputed, (await _shop.FindAsync(payment.Id)).Status);
    }

    [Fact]
    public async Task A_dispute_that_is_won_gives_the_credits_back_once_its_money_is()
    {
        var payment = await _shop.BuyAsync();
        var dispute = _shop.Account.Dispute(payment.Id, 100, "needs_response");
        _shop.Account.Move(payment.Id, dispute, -100);
        await _shop.HearAsync();

        _shop.Account.EndDispute(payment.Id, dispute, "won");
        await _shop.HearAsync();
        Assert.Equal(0, await _shop.BalanceAsync());

        _shop.Account.Move(payment.Id, dispute, 100);
        await _shop.HearAsync();
        Assert.Equal(5, await _shop.BalanceAsync());
        Assert.Equal(PaymentStatus.Paid, (await _shop.FindAsync(payment.Id)).Status);
    }

    [Fact]
    public async Task A_dispute_that_is_lost_keeps_the_credits_taken()
    {
        var payment = await _shop.BuyAsync();
        var dispute = _shop.Account.Dispute(payment.Id, 100, "needs_response");
        _shop.Account.Move(payment.Id, dispute, -100);
        _shop.Account.EndDispute(payment.Id, dispute, "lost");

        await _shop.HearAsync();

        Assert.Equal(0, await _shop.BalanceAsync());
        Assert.Equal(PaymentStatus.Disputed, (await _shop.FindAsync(payment.Id)).Status);
    }

    [Theory]
    [InlineData(60, 40, 0)]
    [InlineData(60, 100, 0)]
    [InlineData(20, 20, 3)]
    public async Task A_refund_and_a_dispute_of_one_charge_never_take_back_twice(
        long refunded,
        long disputed,
        long balance
    )
    {
        var payment = await _shop.BuyAsync();

        _shop.Account.Refund(payment.Id, refunded);
        await _shop.HearAsync();
        var dispute = _shop.Account.Dispute(payment.Id, disputed, "needs_response");
        _shop.Account.Move(payment.Id, dispute, -disputed);
        await _shop.HearAsync();

        Assert.Equal(balance, await _shop.BalanceAsync());
        Assert.Equal(5 - balance, (await _shop.FindAsync(payment.Id)).ReversedCredits);
    }

    [Theory]
    [InlineData(-108, 0, 0)]
    [InlineData(-108, 107, 5)]
    public async Task Where_the_account_is_kept_in_another_currency_the_last_move_decides(
        long withdrawn,
        long reinstated,
        long balance
    )
    {
        var payment = await _shop.BuyAsync();
        var dispute = _shop.Account.Dispute(payment.Id, 100, "needs_response");
        _shop.Account.Move(payment.Id, dispute, withdrawn, "usd");
        await _shop.HearAsync();

        if (reinstated > 0)
        {
            _shop.Account.Move(payment.Id, dispute, reinstated, "usd");
            await _shop.HearAsync();
        }

        Assert.Equal(balance, await _shop.BalanceAsync());
    }

    [Fact]
    public async Task Money_that_went_back_before_we_saw_the_payment_takes_its_credits_at_once()
    {
        var payment = await _shop.OrderAsync();
        _shop.Account.Pay(payment.Id);
        _shop.Account.Refund(payment.Id, 20);
        var dispute = _shop.Account.Dispute(payment.Id, 40, "needs_response");
        _shop.Account.Move(payment.Id, dispute, -40);

        await _shop.HearAsync(_shop.Account.Events[^1]);
        Assert.Equal(0, await _shop.BalanceAsync());
        await _shop.HearAsync(_shop.Account.Events[0]);

        Assert.Equal(2, await _shop.BalanceAsync());
    }

    public ValueTask DisposeAsync() => _shop.DisposeAsync();
}
