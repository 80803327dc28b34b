using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Stripe.Tests.World;

namespace PayPerUse.Stripe.Tests.Fire;

/// <summary>A shop on a real Kestrel, with the account in memory and a clock that stands still.</summary>
public sealed class FireShop : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly StripeWorld _world;

    private FireShop(WebApplication app, StripeWorld world)
    {
        _app = app;
        _world = world;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    public StripeAccount Account => _world.Account;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<FireShop> StartAsync()
    {
        var world = new StripeWorld(new FakeTimeProvider(Orders.Now));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(world.Clock);
        world.AddTo(
            builder
                .Services.AddPayPerUse(o => o.Sweep.Enabled = false)
                .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
        );
        var app = builder.Build();
        app.MapPayPerUse();
        await app.StartAsync(Token);
        return new FireShop(app, world);
    }

    /// <summary>An order of somebody's own.</summary>
    public async Task<Payment> OrderAsync(string owner)
    {
        var result = await _app
            .Services.GetRequiredService<CheckoutService>()
            .CreateAsync(new CheckoutOrder(new AccountId(owner), "five"), Token);
        Assert.Equal(CheckoutStatus.Created, result.Status);
        return result.Payment!;
    }

    public async Task<Payment> FindAsync(string id) =>
        (await _app.Services.GetRequiredService<IPaymentStore>().FindAsync(id, Token))!;

    public async Task<long> BalanceAsync(string owner) =>
        (await _app.Services.GetRequiredService<CreditLedger>().ReadBalanceAsync(new AccountId(owner), Token)).Balance;

    /// <summary>The last event about a payment, in the endpoint's API version, unsigned.</summary>
    public JsonObject LastEvent(string reference)
    {
        var happened = Account.LastEvent(reference)!;
        happened["api_version"] = global::Stripe.StripeConfiguration.ApiVersion;
        return happened;
    }

    /// <summary>Sends a message to the webhook endpoint and returns the status.</summary>
    public async Task<int> SendAsync(byte[] body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/payments/webhook/stripe")
        {
            Content = new ByteArrayContent(body),
        };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation(StripeDefaults.SignatureHeader, signature);
        }

        using var response = await _client.SendAsync(request, Token);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _world.DisposeAsync();
    }
}
