using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Payconiq.Simulator;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Simulator;

/// <summary>A shop on a real Kestrel with the simulated bank inside it.</summary>
public sealed class SimulatedShop : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _questions;

    private SimulatedShop(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
        Browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
        {
            BaseAddress = address,
        };
    }

    public Uri Address { get; }

    /// <summary>Follows no redirect.</summary>
    public HttpClient Browser { get; }

    /// <summary>The callbacks that arrived, as they were judged.</summary>
    public ConcurrentQueue<(WebhookMessage Message, WebhookVerdict Verdict)> Callbacks { get; } = new();

    /// <summary>What the shop answers to its next callbacks; then 200.</summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    public IPaymentProvider Provider => _app.Services.GetRequiredService<IPaymentProvider>();

    public CheckoutService Checkout => _app.Services.GetRequiredService<CheckoutService>();

    public PaymentSettler Settler => _app.Services.GetRequiredService<PaymentSettler>();

    public IPaymentStore Store => _app.Services.GetRequiredService<IPaymentStore>();

    public CreditLedger Ledger => _app.Services.GetRequiredService<CreditLedger>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>How often the simulated bank was asked how a payment stands.</summary>
    public int Questions => _questions;

    public PayconiqSimulatorOptions Options =>
        _app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<PayconiqSimulatorOptions>>().Value;

    public static async Task<SimulatedShop> StartAsync(
        Action<PayconiqSimulatorOptions>? configure = null,
        string environment = "Development",
        TimeProvider? clock = null,
        bool hasHttp = false,
        Action<PayconiqOptions>? payconiq = null
    )
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);
        }

        if (!hasHttp)
        {
            builder.Services.AddSingleton<IPaymentAddresses, Addresses>();
        }

        builder
            .Services.AddPayPerUse(o =>
            {
                o.Sweep.Enabled = false;
                o.PublicUrl = environment == "Development" ? null : new Uri("https://sint.example");
            })
            .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
            .AddPayconiqSimulator(o =>
            {
                o.CallbackRetryDelay = TimeSpan.FromMilliseconds(10);
                configure?.Invoke(o);
            });
        if (payconiq is not null)
        {
            builder.Services.Configure(payconiq);
        }

        var app = builder.Build();
        try
        {
            SimulatedShop? shop = null;
            app.Use(
                (context, next) =>
                {
                    if (
                        HttpMethods.IsGet(context.Request.Method)
                        && context.Request.Path.StartsWithSegments("/simulator/bancontact/v3/payments")
                    )
                    {
                        Interlocked.Increment(ref shop!._questions);
                    }

                    return next(context);
                }
            );
            app.MapPayconiqSimulator();
            if (hasHttp)
            {
                app.MapPayPerUse("/shop");
            }
            else
            {
                app.MapPost("/payments/webhook/payconiq", context => shop!.ReceiveAsync(context));
            }

            await app.StartAsync(TestContext.Current.CancellationToken);
            return shop = new SimulatedShop(app, new Uri(app.Urls.First()));
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async Task<Payment> OrderAsync()
    {
        var result = await Checkout.CreateAsync(
            new CheckoutOrder(new AccountId("nick"), "five"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(CheckoutStatus.Created, result.Status);
        return result.Payment!;
    }

    /// <summary>Waits for as many callbacks; the test's own time limit ends it.</summary>
    public async Task<WebhookVerdict[]> WaitForCallbacksAsync(int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (Callbacks.Count < count)
        {
            await Task.Delay(10, patience.Token);
        }

        return [.. Callbacks.Select(c => c.Verdict)];
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var message = new WebhookMessage(
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()
        );
        var verdict = await _app
            .Services.GetRequiredService<IPaymentWebhook>()
            .VerifyAsync(message, context.RequestAborted);
        Callbacks.Enqueue((message, verdict));
        context.Response.StatusCode = Answers.TryDequeue(out var answer) ? answer : 200;
    }

    private sealed class Addresses(IServer server) : IPaymentAddresses
    {
        private string Base => server.Features.Get<IServerAddressesFeature>()!.Addresses.First();

        public Uri Callback(string providerId) => new($"{Base}/payments/webhook/{providerId}");

        public Uri ReturnPage(string paymentId) => new($"{Base}/payments/{paymentId}/return");
    }
}
