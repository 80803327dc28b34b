using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

/// <summary>What every provider must do, seen from a whole host of ours in the provider's world. Derive once, make the world.</summary>
public abstract class PaymentProviderConformance : IAsyncLifetime
{
    private static readonly AccountId Anna = new("anna");

    private readonly InMemoryWorldStores _stores = new();
    private ProviderWorld? _world;
    private WorldHost? _host;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected ProviderWorld World => _world ?? throw new InvalidOperationException("The test has not begun.");

    protected WorldHost Host => _host ?? throw new InvalidOperationException("The test has not begun.");

    /// <summary>Makes a fresh world.</summary>
    protected abstract Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock);

    public async ValueTask InitializeAsync()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        _world = await CreateWorldAsync(clock);
        _host = new WorldHost(_world, _stores);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Host.DisposeAsync();
        await World.DisposeAsync();
    }

    [Fact]
    public async Task Create_a_new_order_has_a_link_and_an_end_and_nothing_is_granted()
    {
        var payment = await OrderAsync();
        Assert.Equal(PaymentStatus.Pending, payment.Status);
        Assert.NotNull(payment.CheckoutUrl);
        Assert.NotNull(payment.ProviderPaymentId);
        Assert.True(payment.ExpiresAt > World.Clock.GetUtcNow());
        Assert.Null(World.KeptOf(payment));
        Assert.Equal(0, await BalanceAsync());
    }

    [Fact]
    public async Task Create_the_open_order_is_returned_again()
    {
        var first = await OrderAsync();
        var again = await PassAsync(Host.Checkout.CreateAsync(new CheckoutOrder(Anna, "five"), Token));
        Assert.Equal((CheckoutStatus.Open, first.Id), (again.Status, again.Payment!.Id));
    }

    [Theory]
    [InlineData(PaymentTrigger.Webhook)]
    [InlineData(PaymentTrigger.Return)]
    [InlineData(PaymentTrigger.Sweep)]
    public async Task Settle_whoever_looks_first_grants(PaymentTrigger trigger)
    {
        var payment = await PaidAsync();
        World.Clock.Advance(PaymentSettler.PollInterval);
        var settled = await PassAsync(Host.Settler.SettleAsync(payment.Id, trigger, Token));
        Assert.Equal(PaymentStatus.Paid, settled!.Status);
        Assert.NotNull(settled.PaidAt);
        Assert.Equal(5, await BalanceAsync());
    }

    [Fact]
    public async Task Settle_a_genuine_message_grants()
    {
        var payment = await PaidAsync();
        Assert.Equal(WebhookAuthenticity.Genuine, await ReceiveAsync(payment));
        Assert.Equal(5, await BalanceAsync());
    }

    [Fact]
    public async Task Duplicate_messages_grant_once()
    {
        var payment = await PaidAsync();
        var message = (await World.MessageAsync(payment))!;
        await PassAsync(Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Host.ReceiveAsync(message, Token))));
        await PassAsync(Host.ReceiveAsync(message, Token));
        Assert.Equal(5, await BalanceAsync());
    }

    [Fact]
    public async Task Reordered_messages_end_alike()
    {
        var payment = await OrderAsync();
        var early = await World.MessageAsync(payment);
        Assert.True(await World.PayAsync(payment));
        await ReceiveAsync(payment);
        if (early is not null)
        {
            await PassAsync(Host.ReceiveAsync(early, Token));
        }

        Assert.Equal(PaymentStatus.Paid, (await FindAsync(payment)).Status);
        Assert.Equal(5, await BalanceAsync());
    }

    [Fact]
    public async Task Forged_messages_are_never_taken_for_genuine()
    {
        var payment = await PaidAsync();
        var message = (await World.MessageAsync(payment))!;
        for (var i = 0; i < message.Body.Length; i += Math.Max(1, message.Body.Length / 40))
        {
            var body = message.Body.ToArray();
            body[i] ^= 1;
            Assert.NotEqual(
                WebhookAuthenticity.Genuine,
                await PassAsync(Host.ReceiveAsync(message with { Body = body }, Token))
            );
        }

        var unsigned = message with { Headers = new Dictionary<string, string>() };
        Assert.Equal(WebhookAuthenticity.Forged, await PassAsync(Host.ReceiveAsync(unsigned, Token)));
        Assert.Equal(0, await BalanceAsync());
    }

    [Fact]
    public async Task Expired_orders_end_and_leave_room_for_another()
    {
        var payment = await OrderAsync();
        World.Clock.SetUtcNow(payment.ExpiresAt + TimeSpan.FromMinutes(2));
        await SweepAsync();
        Assert.Equal(PaymentStatus.Expired, (await FindAsync(payment)).Status);
        Assert.Equal(0, await BalanceAsync());
        Assert.NotEqual(payment.Id, (await OrderAsync()).Id);
    }

    [Fact]
    public async Task Declined_payments_grant_nothing()
    {
        var payment = await OrderAsync();
        if (await World.DeclineAsync(payment))
        {
            await ReceiveAsync(payment);
            await CalmAsync();
            Assert.False((await FindAsync(payment)).IsOpen);
        }

        Assert.Equal(0, await BalanceAsync());
    }

    [Fact]
    public async Task Canceled_orders_cannot_be_paid_any_more()
    {
        var payment = await OrderAsync();
        var canceled = await PassAsync(Host.Checkout.CancelAsync(payment.Id, Token));
        Assert.True(canceled.IsCanceled);
        Assert.False(await World.PayAsync(payment));
    }

    [Fact]
    public async Task An_API_that_is_down_leaves_no_orphan_and_heals()
    {
        World.Break(ApiFault.BeforeEffect);
        var failed = await PassAsync(Host.Checkout.CreateAsync(new CheckoutOrder(Anna, "five"), Token));
        Assert.Equal(CheckoutStatus.ProviderUnavailable, failed.Status);
        World.Break(ApiFault.None);
        World.Clock.Advance(TimeSpan.FromMinutes(2));
        var payment = await OrderAsync();
        Assert.True(await World.PayAsync(payment));
        await CalmAsync();
        Assert.Equal(5, await BalanceAsync());
    }

    [Fact]
    public async Task An_API_that_is_down_for_an_hour_is_told_in_time_loses_no_payment_and_heals()
    {
        // Paid just before: its message comes while nobody can be asked.
        var paid = await PaidAsync();
        World.Break(ApiFault.BeforeEffect);
        for (var minute = 0; minute < 60; minute++)
        {
            var start = World.Clock.GetUtcNow();
            var customer = new CheckoutOrder(new AccountId("customer-" + minute % 7), "five");
            var refused = await PassAsync(Host.Checkout.CreateAsync(customer, Token));
            Assert.Equal(CheckoutStatus.ProviderUnavailable, refused.Status);
            Assert.True(World.Clock.GetUtcNow() - start <= CheckoutService.AnswerTime);
            if (minute % 10 == 0 && await World.MessageAsync(paid) is { } message)
            {
                await Assert.ThrowsAsync<PaymentProviderException>(() => PassAsync(Host.ReceiveAsync(message, Token)));
            }

            World.Clock.SetUtcNow(start + TimeSpan.FromMinutes(1));
            await SweepAsync();
        }

        Assert.Equal(0, await BalanceAsync());
        World.Break(ApiFault.None);
        await CalmAsync();
        Assert.Equal((PaymentStatus.Paid, 5L), ((await FindAsync(paid)).Status, await BalanceAsync()));

        // Of an hour of refusals nothing is left, neither here nor there.
        var left = await Host.Store.ListAsync((PaymentStatus?)null, 1000, Token);
        Assert.Equal(paid.Id, Assert.Single(left, p => p.IsOpen || p.OpenKey is not null || p.IsGranted).Id);
        Assert.All(left.Where(p => p.Id != paid.Id), p => Assert.False(World.PayAsync(p).GetAwaiter().GetResult()));
        var next = await OrderAsync();
        Assert.True(await World.PayAsync(next));
        await CalmAsync();
        Assert.Equal(10, await BalanceAsync());
    }

    [Fact]
    public async Task Timeout_after_charge_what_exists_is_found_and_paid_money_is_granted()
    {
        World.Break(ApiFault.AfterEffect);
        var failed = await PassAsync(Host.Checkout.CreateAsync(new CheckoutOrder(Anna, "five"), Token));
        Assert.Equal(CheckoutStatus.ProviderUnavailable, failed.Status);
        World.Break(ApiFault.None);
        var lost = Assert.Single(await Host.Store.ListAsync(Anna, 10, Token));

        // The customer had the link after all (another tab, another device).
        var paid = await World.PayAsync(lost) ? 1 : 0;
        await CalmAsync();
        Assert.Equal(5 * paid, await BalanceAsync());
        Assert.False((await FindAsync(lost)).IsOpen);
    }

    [Theory]
    [InlineData(ApiFault.None)]
    [InlineData(ApiFault.BeforeEffect)]
    [InlineData(ApiFault.AfterEffect)]
    public async Task Refund_money_and_credits_go_back_together_whatever_the_API_does(ApiFault fault)
    {
        var payment = await PaidAsync();
        await CalmAsync();
        if (!World.CanRefund)
        {
            var refused = await RefundAsync(payment);
            Assert.Equal(PaymentOrderStatus.Unsupported, refused.Status);
            Assert.Equal((5, 100L), (await BalanceAsync(), World.KeptOf(payment)));
            return;
        }

        // The provider is asked how the payment stands before anything is decided; the fault comes with the refund itself.
        var whole = await RefundAsync(payment, 40);
        Assert.Contains(whole.Status, new[] { PaymentOrderStatus.Done, PaymentOrderStatus.Pending });
        Assert.Equal(3, await BalanceAsync());
        World.Break(fault);
        await RefundAsync(payment);
        World.Break(ApiFault.None);
        await CalmAsync();
        var kept = World.KeptOf(payment)!.Value;
        Assert.Equal(5 - ReversalRule.TargetOf(5, 100, 100 - kept), await BalanceAsync());
        Assert.True(fault != ApiFault.None || kept == 0);
    }

    [Fact]
    public async Task Refund_what_is_made_in_the_portal_is_found_without_a_message()
    {
        var payment = await PaidAsync();
        await CalmAsync();
        if (World.CanRefundInPortal && await World.RefundInPortalAsync(payment, 100))
        {
            await CalmAsync();
            Assert.Equal(PaymentStatus.Refunded, (await FindAsync(payment)).Status);
            Assert.Equal(0, await BalanceAsync());
        }
    }

    [Fact]
    public async Task Dispute_withdrawn_money_takes_credits_and_won_money_gives_them_back()
    {
        var payment = await PaidAsync();
        await CalmAsync();
        if (!World.CanDispute)
        {
            return;
        }

        Assert.True(await World.DisputeAsync(payment, 100));
        await CalmAsync();
        Assert.Equal(PaymentStatus.Disputed, (await FindAsync(payment)).Status);
        Assert.Equal(0, await BalanceAsync());

        Assert.True(await World.DisputeAsync(payment, 0));
        await CalmAsync();
        Assert.Equal(PaymentStatus.Paid, (await FindAsync(payment)).Status);
        Assert.Equal(5, await BalanceAsync());
    }

    private async Task<Payment> OrderAsync()
    {
        var result = await PassAsync(Host.Checkout.CreateAsync(new CheckoutOrder(Anna, "five"), Token));
        Assert.True(result.Payment is not null, result.Error);
        return result.Payment!;
    }

    private async Task<Payment> PaidAsync()
    {
        var payment = await OrderAsync();
        Assert.True(await World.PayAsync(payment));
        return payment;
    }

    private async Task<WebhookAuthenticity> ReceiveAsync(Payment payment) =>
        await World.MessageAsync(payment) is { } message
            ? await PassAsync(Host.ReceiveAsync(message, Token))
            : WebhookAuthenticity.Genuine;

    private Task<PaymentOrderResult> RefundAsync(Payment payment, long cents = 0) =>
        PassAsync(
            Host.Service.RefundAsync(
                new RefundOrder(payment.Id, cents > 0 ? RefundExtent.Amount : RefundExtent.Whole, "suite")
                {
                    Amount = cents > 0 ? new Money(cents, "EUR") : null,
                },
                Token
            )
        );

    /// <summary>Time enough for everything that a sweeper has to do.</summary>
    private async Task CalmAsync()
    {
        for (var i = 0; i < 12; i++)
        {
            World.Clock.Advance(TimeSpan.FromMinutes(i < 6 ? 11 : 120));
            await SweepAsync();
        }
    }

    private async Task SweepAsync() => await World.PassWhileAsync(Host.SweepAsync(Token));

    private async Task<T> PassAsync<T>(Task<T> work)
    {
        await World.PassWhileAsync(work);
        return await work;
    }

    private async Task<Payment> FindAsync(Payment payment) => (await Host.Store.FindAsync(payment.Id, Token))!;

    private async Task<long> BalanceAsync() => (await Host.Ledger.ReadBalanceAsync(Anna, Token)).Balance;
}
