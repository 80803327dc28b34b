using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.EfCore;
using PayPerUse.Payconiq;
using PayPerUse.Payments;
using PayPerUse.Stripe.Tests.World;

namespace PayPerUse.Stripe.Tests.Secrets;

/// <summary>A shop with both providers and marked secrets on a real Kestrel; everything it answers is kept.</summary>
internal sealed class MarkedShop : IAsyncDisposable
{
    private readonly Wiretap _tap;
    private readonly HttpClient _client;

    private MarkedShop(WebApplication app, StripeWorld world, Wiretap tap)
    {
        App = app;
        World = world;
        _tap = tap;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    public WebApplication App { get; }

    public StripeWorld World { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<MarkedShop> StartAsync(
        MarkedSecrets secrets,
        Wiretap tap,
        Action<DbContextOptionsBuilder> database,
        string? stripeKey = null
    )
    {
        var world = new StripeWorld(new FakeTimeProvider(Orders.Now));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(tap.Logs).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(world.Clock);
        builder.Services.AddDbContextFactory<PayPerUseDbContext>(database);
        var payPerUse = builder
            .Services.AddPayPerUse(o => o.Sweep.Enabled = false)
            .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
            .UseEntityFrameworkCore<PayPerUseDbContext>();
        world.AddTo(payPerUse);
        payPerUse.AddPayconiqSimulator(o => o.ApiKey = secrets.PayconiqKey);
        builder.Services.Configure<PayconiqOptions>(o => o.SigningKey = secrets.SigningKey);
        builder.Services.Configure<StripeOptions>(o =>
        {
            o.ApiKey = stripeKey ?? secrets.StripeKey;
            o.WebhookSecret = secrets.WebhookSecret;
        });
        var app = builder.Build();
        app.Use(
            (context, next) =>
            {
                context.User = new ClaimsPrincipal(
                    new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "anna")], "test")
                );
                return next(context);
            }
        );
        app.MapPayPerUse();
        app.MapPayconiqSimulator();
        try
        {
            await app.StartAsync(Token);
            return new MarkedShop(app, world, tap);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public Task<JsonElement> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<JsonElement> PostAsync(string path, object? body = null, string? header = null, string? value = null)
    {
        var bytes = body as byte[] ?? (body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body));
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new("application/json");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return SendAsync(request);
    }

    /// <summary>Runs a command as the person on duty does; what it writes is heard on the console.</summary>
    public async Task<int> RunAsync(string line)
    {
        var run = App.RunPayPerUseCommandAsync(line.Split(' '), Token);
        await World.PassWhileAsync(run);
        return await run ?? throw new ArgumentException(line);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        await World.DisposeAsync();
    }

    private async Task<JsonElement> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var sent = _client.SendAsync(request, Token);
            await World.PassWhileAsync(sent);
            using var answer = await sent;
            var body = await answer.Content.ReadAsByteArrayAsync(Token);
            var text = Encoding.UTF8.GetString(body);
            _tap.Add("answers", $"{request.Method} {request.RequestUri} {answer} {text}");
            return answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
                ? JsonSerializer.Deserialize<JsonElement>(body)
                : JsonSerializer.SerializeToElement((int)answer.StatusCode);
        }
    }
}
