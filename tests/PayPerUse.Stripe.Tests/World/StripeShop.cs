using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Stripe.Tests.World;

/// <summary>A host of ours beside an account: five credits for one euro, bought by Anna.</summary>
public sealed class StripeShop : IAsyncDisposable
{
    public static readonly AccountId Anna = new("anna");

    private readonly StripeWorld _world;
    private readonly WorldHost _host;
    private int _heard;

    public StripeShop(Action<IPayPerUseBuilder>? also = null)
    {
        Clock = new FakeTimeProvider(Orders.Now);
        _world = new StripeWorld(Clock) { Also = also };
        _host = new WorldHost(_world, new InMemoryWorldStores());
    }

    public FakeTimeProvider Clock { get; }

    public StripeAccount Account => _world.Account;

    public WorldHost Host => _host;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How asking for refunds behaves from now on; everything else works.</summary>
    public void BreakRefunds(ApiFault fault) => _world.Break(fault, "/v1/refunds");

    public WebhookMessage Message(JsonObject happened) => _world.Message(happened);

    public async Task<Payment> OrderAsync() =>
        (await _host.Checkout.CreateAsync(new CheckoutOrder(Anna, "five"), Token)).Payment!;

    /// <summary>Orders, pays, and hears of it.</summary>
    public async Task<Payment> BuyAsync()
    {
        var payment = await OrderAsync();
        Assert.True(Account.Pay(payment.Id));
        await HearAsync();
        Assert.Equal(PaymentStatus.Paid, (await FindAsync(payment.Id)).Status);
        return payment;
    }

    /// <summary>Every event that has not been heard yet arrives, in order.</summary>
    public async Task HearAsync()
    {
        var events = Account.Events;
        foreach (var happened in events.Skip(_heard))
        {
            await HearAsync(happened);
        }

        _heard = events.Count;
    }

    /// <summary>One event arrives; what is put off because of the swarm is done by the sweeper.</summary>
    public async Task HearAsync(JsonObject happened)
    {
        Assert.Equal(WebhookAuthenticity.Genuine, await _host.ReceiveAsync(_world.Message(happened), Token));
        Clock.Advance(PaymentSettler.GrantedInterval);
        await _host.Get<ReconciliationWorker>().SweepPaymentsAsync(Token);
    }

    /// <summary>Events from here on never arrive.</summary>
    public void LoseEvents() => _heard = Account.Events.Count;

    /// <summary>Time passes and the sweeper does its round.</summary>
    public async Task SweepAsync(TimeSpan time)
    {
        Clock.Advance(time);
        await _host.SweepAsync(Token);
    }

    public async Task<Payment> FindAsync(string id) => (await _host.Store.FindAsync(id, Token))!;

    public async Task<long> BalanceAsync() => (await _host.Ledger.ReadBalanceAsync(Anna, Token)).Balance;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _world.DisposeAsync();
    }
}
