using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A whole app on a real server: PayPerUse, a scripted provider, and users who sign in with a header.</summary>
internal sealed class HttpHouse : IAsyncDisposable
{
    public static readonly AccountId Anna = new("anna");

    private readonly WebApplication _app;

    private HttpHouse(WebApplication app, HttpHouseSetup setup)
    {
        _app = app;
        Store = setup.Store;
        Provider = setup.Provider;
        Clock = setup.Clock as FakeTimeProvider;
        Address = new Uri(app.Urls.First());
        Client = MakeClient("anna");
    }

    public Uri Address { get; }

    /// <summary>Anna's.</summary>
    public HttpClient Client { get; }

    public HookedCreditStore Store { get; }

    public ScriptedProvider Provider { get; }

    /// <summary>The time of the app, when the test froze it.</summary>
    public FakeTimeProvider? Clock { get; }

    public IServiceProvider Services => _app.Services;

    public CreditLedger Ledger => Services.GetRequiredService<CreditLedger>();

    public IPaymentStore Payments => Services.GetRequiredService<IPaymentStore>();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<HttpHouse> StartAsync(Action<HttpHouseSetup>? configure = null)
    {
        var setup = new HttpHouseSetup();
        configure?.Invoke(setup);
        var app = setup.Build();
        await app.StartAsync(Token);
        return new HttpHouse(app, setup);
    }

    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    public HttpClient MakeClient(string? user)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = Address,
        };
        if (user is not null)
        {
            client.DefaultRequestHeaders.Add("X-User", user);
        }

        return client;
    }

    public async Task GrantAsync(long credits, string user = "anna", DateTimeOffset? expiresAt = null)
    {
        var result = await Ledger.GrantAsync(
            new AccountId(user),
            "test:" + Guid.NewGuid(),
            credits,
            "test",
            expiresAt,
            Token
        );
        Assert.Equal(CreditStatus.Applied, result.Status);
    }

    public async Task<long> BalanceAsync(string user = "anna") =>
        (await Ledger.ReadBalanceAsync(new AccountId(user), Token)).Balance;

    /// <summary>The balance and what is reserved.</summary>
    public async Task<(long Balance, long Reserved)> CreditsAsync()
    {
        var balance = await Ledger.ReadBalanceAsync(Anna, Token);
        return (balance.Balance, balance.Reserved);
    }

    public Task<HttpResponseMessage> UseAsync(
        string action = "letter",
        string? key = null,
        HttpClient? client = null
    ) => SendAsync(HttpMethod.Post, "/credits/use", new JsonObject { ["action"] = action }, key, client);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        JsonNode? body = null,
        string? key = null,
        HttpClient? client = null,
        Action<HttpRequestMessage>? change = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        change?.Invoke(request);
        return await (client ?? Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    public Task<HttpResponseMessage> PostTextAsync(string path, string text, string contentType) =>
        SendAsync(
            HttpMethod.Post,
            path,
            change: r =>
            {
                r.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
                r.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            }
        );

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}

/// <summary>What differs between one test's app and another's.</summary>
internal sealed class HttpHouseSetup
{
    public HttpHouseSetup()
    {
        Memory = new InMemoryCreditStore();
        Store = new HookedCreditStore(Memory);
        Provider = new ScriptedProvider("scripted", TimeProvider.System);
    }

    public string EnvironmentName { get; set; } = Environments.Development;

    public InMemoryCreditStore Memory { get; set; }

    public HookedCreditStore Store { get; set; }

    public ScriptedProvider Provider { get; set; }

    public TimeProvider Clock { get; private set; } = TimeProvider.System;

    public string Prefix { get; set; } = "";

    public Action<PayPerUseOptions>? Options { get; set; }

    public Action<IPayPerUseBuilder>? PayPerUse { get; set; }

    public Action<IServiceCollection>? Services { get; set; }

    /// <summary>Goes before the endpoints.</summary>
    public Action<WebApplication>? Use { get; set; }

    public Action<WebApplication>? Map { get; set; }

    /// <summary>Where PayPerUse is mapped.</summary>
    public Func<WebApplication, IEndpointRouteBuilder> MapOn { get; set; } = app => app;

    /// <summary>Lets the test move the time of the app and of its stores.</summary>
    public HttpHouseSetup FreezeTime()
    {
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        Memory = new InMemoryCreditStore(Clock);
        Store = new HookedCreditStore(Memory);
        Provider = new ScriptedProvider("scripted", Clock);
        return this;
    }

    public WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = EnvironmentName });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Clock);
        builder.Services.AddSingleton<SignedOut>();
        builder
            .Services.AddAuthentication(HeaderAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>(HeaderAuthentication.Name, null);
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton<ICreditStore>(Store);
        builder.Services.AddSingleton<ICreditVersions>(Memory);
        builder.Services.AddSingleton<IDueCredits>(Memory);
        builder.Services.AddSingleton<IPaymentProvider>(Provider);
        var payPerUse = builder
            .Services.AddPayPerUse(o =>
            {
                o.Sweep.Enabled = false;
                o.Ledger.MaxRetries = 0;
                Options?.Invoke(o);
            })
            .AddPack(new CreditPack("five", 5, Money.Euro(1.00m)))
            .AddAction("letter", 1)
            .AddAction("book", 3)
            .AddAction("speech", 1, maxCredits: 4);
        PayPerUse?.Invoke(payPerUse);
        Services?.Invoke(builder.Services);
        var app = builder.Build();
        Use?.Invoke(app);
        MapOn(app).MapPayPerUse(Prefix);
        Map?.Invoke(app);
        return app;
    }
}
