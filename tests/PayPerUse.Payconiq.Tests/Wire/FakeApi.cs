using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NSubstitute;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Wire;

/// <summary>The other end of the wire, on a real Kestrel: answers what a test recorded; any other call fails the test.</summary>
public sealed class FakeApi : IAsyncDisposable
{
    public const string ApiKey = "key-of-the-profile";
    public const string ProfileId = "5bb37284e35e2b29e363df22";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<HttpContext, Task>>> _answers = new();
    private readonly ConcurrentQueue<string> _unexpected = new();
    private readonly List<ServiceProvider> _services = [];

    private FakeApi(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public ConcurrentQueue<Request> Requests { get; } = new();

    public static async Task<FakeApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var api = new FakeApi(app);
        app.Run(api.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return api;
    }

    /// <summary>Records an answer; calls of the same address take them in order, and the last one stays.</summary>
    public FakeApi On(string call, int status, string body = "", Action<HttpResponse>? more = null) =>
        On(
            call,
            async context =>
            {
                context.Response.StatusCode = status;
                more?.Invoke(context.Response);
                if (status is not (204 or 304))
                {
                    context.Response.ContentType = "application/json";
                    await context.Response.WriteAsync(body);
                }
            }
        );

    public FakeApi On(string call, Func<HttpContext, Task> answer)
    {
        _answers.GetOrAdd(call, _ => new()).Enqueue(answer);
        return this;
    }

    /// <summary>The services of a shop that talks to this end.</summary>
    public IServiceProvider Shop(Action<PayconiqOptions>? configure = null, TimeProvider? clock = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var environment = Substitute.For<IHostEnvironment>();
        environment.EnvironmentName.Returns(Environments.Production);
        services.AddSingleton(environment);
        if (clock is not null)
        {
            services.AddSingleton(clock);
        }

        services
            .AddPayPerUse()
            .AddPayconiq(o =>
            {
                o.ApiKey = ApiKey;
                o.ProfileId = ProfileId;
                o.ApiBase = Address;
                o.JwksUri = new Uri(Address, "/jwks");
                o.Resilience.RetryDelay = TimeSpan.FromMilliseconds(1);
                configure?.Invoke(o);
            });
        var shop = services.BuildServiceProvider();
        _services.Add(shop);
        return shop;
    }

    public IPaymentProvider Provider(Action<PayconiqOptions>? configure = null, TimeProvider? clock = null) =>
        Shop(configure, clock).GetRequiredService<IPaymentProvider>();

    public IPaymentWebhook Webhook(Action<PayconiqOptions>? configure = null, TimeProvider? clock = null) =>
        Shop(configure, clock).GetRequiredService<IPaymentWebhook>();

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _services)
        {
            await services.DisposeAsync();
        }

        await _app.DisposeAsync();
        Assert.Empty(_unexpected);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var call = $"{context.Request.Method} {context.Request.GetEncodedPathAndQuery()}";
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        Requests.Enqueue(
            new Request(
                call,
                context.Request.Headers.Authorization.ToString(),
                body,
                context.Request.Headers.ToDictionary(
                    h => h.Key,
                    h => h.Value.ToString(),
                    StringComparer.OrdinalIgnoreCase
                )
            )
        );
        if (!_answers.TryGetValue(call, out var answers))
        {
            _unexpected.Enqueue(call);
            context.Response.StatusCode = 418;
            return;
        }

        Func<HttpContext, Task>? answer;
        lock (answers)
        {
            answers.TryPeek(out answer);
            if (answers.Count > 1)
            {
                answers.TryDequeue(out answer);
            }
        }

        await answer!(context);
    }

    public sealed record Request(
        string Call,
        string Authorization,
        string Body,
        IReadOnlyDictionary<string, string> Headers
    );
}
