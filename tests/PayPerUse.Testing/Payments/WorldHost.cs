using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Testing.Payments;

/// <summary>One host of ours, without HTTP, in a provider's world. Several share their stores; one can crash and be replaced.</summary>
public sealed class WorldHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HostStores _stores;

    public WorldHost(ProviderWorld world, WorldStores stores)
    {
        World = world;
        _stores = stores.Open(world.Clock);
        var payments = new HostCrash.Payments(_stores.Payments, _stores.Cursors, Crash);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(world.Clock);
        services.AddSingleton<IPaymentAddresses>(new Addresses());
        services.AddSingleton<IHostEnvironment>(new Development());
        services.AddSingleton<IPaymentStore>(payments);
        services.AddSingleton<IReversalCursors>(payments);
        services.AddSingleton<ICreditStore>(new HostCrash.Credits(_stores.Credits, Crash));
        world.AddTo(services.AddPayPerUse().AddPack(new CreditPack("five", 5, Money.Euro(1.00m))));
        _services = services.BuildServiceProvider();
    }

    public ProviderWorld World { get; }

    public HostCrash Crash { get; } = new();

    public CheckoutService Checkout => Get<CheckoutService>();

    public PaymentSettler Settler => Get<PaymentSettler>();

    public PaymentService Service => Get<PaymentService>();

    public CreditLedger Ledger => Get<CreditLedger>();

    public IPaymentStore Store => Get<IPaymentStore>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>What the webhook endpoint does with a message, without HTTP.</summary>
    public async Task<WebhookAuthenticity> ReceiveAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var webhook = _services.GetServices<IPaymentWebhook>().Single(w => w.ProviderId == World.ProviderId);
        var verdict = await webhook.VerifyAsync(message, cancellationToken);
        if (verdict.Authenticity != WebhookAuthenticity.Genuine)
        {
            return verdict.Authenticity;
        }

        var payment =
            (verdict.PaymentId is { } ours ? await Store.FindAsync(ours, cancellationToken) : null)
            ?? (
                verdict.ProviderPaymentId is { } theirs
                    ? await Store.FindByProviderAsync(World.ProviderId, theirs, cancellationToken)
                    : null
            )
            ?? (
                verdict.ChargeId is { } charge
                    ? await Store.FindByChargeAsync(World.ProviderId, charge, cancellationToken)
                    : null
            );
        if (payment is not null)
        {
            await Settler.SettleAsync(payment.Id, PaymentTrigger.Webhook, cancellationToken);
        }

        return verdict.Authenticity;
    }

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await Get<ReversalFeeds>().ReadAsync(cancellationToken);
        await Get<ReconciliationWorker>().SweepPaymentsAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _stores.DisposeAsync();
    }

    private sealed class Addresses : IPaymentAddresses
    {
        public Uri Callback(string providerId) => new("https://sint.example/payments/webhook/" + providerId);

        public Uri ReturnPage(string paymentId) => new($"https://sint.example/payments/{paymentId}/return");
    }

    private sealed class Development : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;

        public string ApplicationName { get; set; } = "tests";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
