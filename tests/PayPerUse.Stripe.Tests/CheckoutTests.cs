using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Payments;
using PayPerUse.Stripe.Tests.World;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Stripe.Tests;

public sealed class CheckoutTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_picks_the_other_provider_can_no_longer_pay_the_open_session()
    {
        await using var shop = new StripeShop(AddOther);
        var session = await shop.OrderAsync();

        await shop.Host.Checkout.CreateAsync(new CheckoutOrder(StripeShop.Anna, "five") { Provider = "other" }, Token);

        Assert.Equal("expired", shop.Account.StatusOf(session.Id));
        Assert.False(shop.Account.Pay(session.Id));
        Assert.Equal(PaymentStatus.Canceled, (await shop.FindAsync(session.Id)).Status);
    }

    [Fact]
    public async Task Who_paid_and_then_picks_the_other_provider_gets_the_credits_instead()
    {
        await using var shop = new StripeShop(AddOther);
        var session = await shop.OrderAsync();
        shop.Account.Pay(session.Id);

        var result = await shop.Host.Checkout.CreateAsync(
            new CheckoutOrder(StripeShop.Anna, "five") { Provider = "other" },
            Token
        );

        Assert.Equal(session.Id, result.Payment!.Id);
        Assert.Equal(5, await shop.BalanceAsync());
    }

    [Fact]
    public async Task A_delayed_method_grants_only_once_the_money_arrives()
    {
        await using var shop = new StripeShop();
        var payment = await shop.OrderAsync();
        shop.Account.PayLater(payment.Id);
        await shop.HearAsync();
        Assert.Equal(0, await shop.BalanceAsync());
        Assert.Equal(PaymentStatus.Processing, (await shop.FindAsync(payment.Id)).Status);

        shop.Account.Arrive(payment.Id);
        await shop.HearAsync();

        Assert.Equal(5, await shop.BalanceAsync());
    }

    [Fact]
    public async Task A_delayed_method_that_fails_grants_nothing()
    {
        await using var shop = new StripeShop();
        var payment = await shop.OrderAsync();
        shop.Account.FailLater(payment.Id);
        await shop.HearAsync();

        Assert.Equal(0, await shop.BalanceAsync());
        Assert.Equal(PaymentStatus.Failed, (await shop.FindAsync(payment.Id)).Status);
    }

    [Fact]
    public async Task A_session_of_the_other_mode_is_never_granted()
    {
        await using var shop = new StripeShop();
        var payment = await shop.OrderAsync();
        shop.Account.Pay(payment.Id);
        shop.Account.IsLive = true;

        await shop.HearAsync();

        Assert.Equal(0, await shop.BalanceAsync());
        Assert.Equal(PaymentStatus.Review, (await shop.FindAsync(payment.Id)).Status);
    }

    [Theory]
    [InlineData(100, 27)]
    [InlineData(500, 33)]
    [InlineData(50, 26)]
    [InlineData(10_000, 175)]
    public void The_listed_fee_is_one_and_a_half_percent_and_a_quarter(long cents, long fee)
    {
        using var services = Orders.Services(new Uri("http://127.0.0.1:1"));
        var listed = (IProviderFee)services.Provider();

        Assert.Equal(new Money(fee, "EUR"), listed.FeeOf(new Money(cents, "EUR")));
        Assert.Null(listed.FeeOf(new Money(cents, "USD")));
    }

    private static void AddOther(IPayPerUseBuilder builder) =>
        builder.Services.AddSingleton<IPaymentProvider>(s => new ScriptedProvider(
            "other",
            s.GetRequiredService<TimeProvider>()
        ));
}
