using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Core.Tests.Payments;

/// <summary>A whole app without HTTP: the real services, two scripted providers, a clock that the test moves.</summary>
internal sealed class PaymentHouse : IAsyncDisposable
{
    public static readonly AccountId Anna = new("anna");

    private readonly ServiceProvider _services;

    public PaymentHouse(
        Action<PayPerUseOptions>? configure = null,
        PaymentHouse? sharing = null,
        Action<IPayPerUseBuilder>? build = null
    )
    {
        Clock = sharing?.Clock ?? new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        First = sharing?.First ?? new ScriptedProvider("first", Clock);
        Second = sharing?.Second ?? new ScriptedProvider("second", Clock);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IPaymentAddresses>(new Addresses());
        services.AddSingleton<IPaymentProvider>(First);
        services.AddSingleton<IPaymentProvider>(Second);
        if (sharing is not null)
        {
            services.AddSingleton(sharing._services.GetRequiredService<InMemoryCreditStore>());
            services.AddSingleton(sharing._services.GetRequiredService<InMemoryPaymentStore>());
        }

        var builder = services
            .AddPayPerUse(configure)
            .AddPack(new CreditPack("five", 5, Money.Euro(1.00m)))
            .AddPack(new CreditPack("month", 30, Money.Euro(5.00m), TimeSpan.FromDays(30)));
        build?.Invoke(builder);
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; }

    public ScriptedProvider First { get; }

    public ScriptedProvider Second { get; }

    public IServiceProvider Services => _services;

    public CheckoutService Checkout => _services.GetRequiredService<CheckoutService>();

    public PaymentSettler Settler => _services.GetRequiredService<PaymentSettler>();

    public ReconciliationWorker Worker => _services.GetRequiredService<ReconciliationWorker>();

    public PaymentService Service => _services.GetRequiredService<PaymentService>();

    public ReversalFeeds Feeds => _services.GetRequiredService<ReversalFeeds>();

    public CreditLedger Ledger => _services.GetRequiredService<CreditLedger>();

    public IPaymentStore Store => _services.GetRequiredService<IPaymentStore>();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<CheckoutResult> OrderAsync(string pack = "five", string? provider = null, string? key = null) =>
        Checkout.CreateAsync(new CheckoutOrder(Anna, pack) { Provider = provider, RequestKey = key }, Token);

    public async Task<Payment> OrderedAsync(string pack = "five", string? provider = null)
    {
        var result = await OrderAsync(pack, provider);
        Assert.Equal(CheckoutStatus.Created, result.Status);
        return result.Payment!;
    }

    public Task<Payment?> SettleAsync(Payment payment, PaymentTrigger trigger = PaymentTrigger.Webhook) =>
        Settler.SettleAsync(payment.Id, trigger, Token);

    public async Task<long> BalanceAsync() => (await Ledger.ReadBalanceAsync(Anna, Token)).Balance;

    public async Task<T> WithClockMovingAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Token);
        }

        return await work;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class Addresses : IPaymentAddresses
    {
        public Uri Callback(string providerId) => new("https://sint.example/payments/webhook/" + providerId);

        public Uri ReturnPage(string paymentId) => new($"https://sint.example/payments/{paymentId}/return");
    }
}
