using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.EfCore;
using PayPerUse.Payments;

namespace PayPerUse.Rush;

/// <summary>One host of a shop, on a Kestrel of its own. It notes when a callback arrives, and when it has answered it.</summary>
internal sealed class RushShop : IAsyncDisposable
{
    public const string UserHeader = "X-User";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, long> _arrived = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _settled = new(StringComparer.Ordinal);

    private RushShop(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Where the bank is told to send the callbacks of this shop's orders.</summary>
    public Uri? CallbackTo { get; set; }

    public CreditLedger Ledger => _app.Services.GetRequiredService<CreditLedger>();

    public static async Task<RushShop> StartAsync(string connectionString, RushBank bank)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddPooledDbContextFactory<PayPerUseDbContext>(o => o.UseNpgsql(connectionString));
        var addresses = new Addresses();
        builder.Services.AddSingleton<IPaymentAddresses>(addresses);
        builder
            .Services.AddPayPerUse()
            .AddPack(new CreditPack("five", 5, Money.Euro(1.00m)))
            .UseEntityFrameworkCore<PayPerUseDbContext>()
            .AddPayconiq(o =>
            {
                o.ApiKey = bank.ApiKey;
                o.ProfileId = bank.ProfileId;
                o.ApiBase = new Uri(bank.Address);
                o.JwksUri = new Uri(bank.Address + "/jwks");
            });
        var app = builder.Build();
        var shop = new RushShop(app);
        addresses.Shop = shop;
        app.Use(SignIn);
        app.Use(shop.NoteAsync);
        app.MapPayPerUse();
        await app.StartAsync();
        return shop;
    }

    /// <summary>When a payment's first callback arrived, a timestamp of the stopwatch, known once one was answered with 200.</summary>
    public Task<long> Settled(string paymentId) => Promise(paymentId).Task;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task SignIn(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers[UserHeader].ToString() is { Length: > 0 } user)
        {
            context.User = new ClaimsPrincipal(
                new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], "rush")
            );
        }

        return next(context);
    }

    private async Task NoteAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/payments/webhook"))
        {
            await next(context);
            return;
        }

        var arrival = Stopwatch.GetTimestamp();
        context.Request.EnableBuffering();
        using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        context.Request.Body.Position = 0;
        var payment = body.RootElement.GetProperty("reference").GetString()!;
        arrival = _arrived.GetOrAdd(payment, arrival);
        await next(context);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
        {
            Promise(payment).TrySetResult(arrival);
        }
    }

    private TaskCompletionSource<long> Promise(string payment) =>
        _settled.GetOrAdd(payment, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private sealed class Addresses : IPaymentAddresses
    {
        public RushShop? Shop { get; set; }

        public Uri Callback(string providerId) => new(Shop!.CallbackTo!, "/payments/webhook/" + providerId);

        public Uri ReturnPage(string paymentId) => new(Shop!.Address, $"/payments/{paymentId}/return");
    }
}
