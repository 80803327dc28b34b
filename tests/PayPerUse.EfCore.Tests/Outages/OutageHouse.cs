using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests.Outages;

/// <summary>A whole app on a real server and a real database, with short patience and short queues. Everybody is Anna.</summary>
internal sealed class OutageHouse : IAsyncDisposable
{
    public const int MaxBatchSize = 16;
    public const int MaxQueueLength = 32;

    /// <summary>How long a caller waits for the ledger.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public static readonly AccountId Anna = new("anna");

    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly RunCount _runs;

    private OutageHouse(WebApplication app)
    {
        _app = app;
        _runs = app.Services.GetRequiredService<RunCount>();

        // Far more patient than the app: an answer is the app's own, never this client's giving up.
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(3) };
    }

    public CreditLedger Ledger => _app.Services.GetRequiredService<CreditLedger>();

    /// <summary>How often the paid action ran.</summary>
    public int Runs => _runs.Value;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<OutageHouse> StartAsync(Action<DbContextOptionsBuilder> use)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development }
        );
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<RunCount>();
        builder.Services.AddSingleton<IAccountResolver, Everybody>();
        builder.Services.Configure<PayPerUseHttpOptions>(o => o.Flood = null);
        builder.Services.AddDbContextFactory<PayPerUseDbContext>(use);
        builder
            .Services.AddPayPerUse(o =>
            {
                o.Sweep.Enabled = false;
                o.Ledger.Lanes = 1;
                o.Ledger.MaxBatchSize = MaxBatchSize;
                o.Ledger.MaxQueueLength = MaxQueueLength;
                o.Ledger.Timeout = Timeout;
            })
            .AddAction("letter", 1)
            .UseEntityFrameworkCore<PayPerUseDbContext>();
        var app = builder.Build();
        app.MapPayPerUse();
        app.MapPost(
                "/letters",
                (RunCount runs) =>
                {
                    runs.Add();
                    return "Lieve Anna";
                }
            )
            .RequireCredits("letter");
        await using (
            var context = await app
                .Services.GetRequiredService<IDbContextFactory<PayPerUseDbContext>>()
                .CreateDbContextAsync(Token)
        )
        {
            await context.Database.EnsureCreatedAsync(Token);
        }

        await app.StartAsync(Token);
        return new OutageHouse(app);
    }

    /// <summary>POST /credits/use with a key.</summary>
    public Task<OutageAnswer> UseAsync(string key) => SendAsync(HttpMethod.Post, "/credits/use", key);

    /// <summary>POST to an endpoint that requires a credit.</summary>
    public Task<OutageAnswer> WriteLetterAsync(string key) => SendAsync(HttpMethod.Post, "/letters", key);

    /// <summary>GET /credits/status.</summary>
    public Task<OutageAnswer> ReadStatusAsync() => SendAsync(HttpMethod.Get, "/credits/status", null);

    /// <summary>Sends again and again, as Retry-After asks, until it is served.</summary>
    public async Task UntilServedAsync(Func<string, Task<OutageAnswer>> send, string key)
    {
        while ((await send(key)).Status is var status and not HttpStatusCode.OK)
        {
            // A letter whose first try was reserved after all is in progress until that is released.
            Assert.True(status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict, status.ToString());
            await Task.Delay(50, Token);
        }
    }

    /// <summary>For what is not under test: this app's patience is short, and a busy machine may try it.</summary>
    public static async Task<T> PatientlyAsync<T>(Func<Task<T>> ask)
    {
        await foreach (var _ in Patience.TriesAsync("An answer of the store", Token))
        {
            try
            {
                return await ask();
            }
            catch (CreditStoreException)
            {
                // Again in a moment.
            }
        }

        throw new UnreachableException();
    }

    /// <summary>The whole log's ids as clients know them.</summary>
    public async Task<List<string>> ReadIdsAsync()
    {
        var ids = new List<string>();
        long? before = null;
        while (await PatientlyAsync(() => Ledger.ReadHistoryAsync(Anna, before, 200, Token)) is [.., var last] page)
        {
            ids.AddRange(page.Select(e => e.OperationId.Replace("http:", "", StringComparison.Ordinal)));
            before = last.Sequence;
        }

        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task<OutageAnswer> SendAsync(HttpMethod method, string path, string? key)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
            request.Content = JsonContent.Create(new { action = "letter" });
        }

        var start = Stopwatch.GetTimestamp();
        using var response = await _client.SendAsync(request, Token);
        var body = await response.Content.ReadAsStringAsync(Token);
        var problem =
            response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonNode.Parse(body) : null;
        return new OutageAnswer(
            key,
            response.StatusCode,
            response.Headers.RetryAfter?.Delta,
            (string?)problem?["outcome"],
            Stopwatch.GetElapsedTime(start)
        );
    }

    private sealed class Everybody : IAccountResolver
    {
        public ValueTask<AccountId?> ResolveAsync(HttpContext context, CancellationToken cancellationToken) =>
            new(Anna);
    }

    private sealed class RunCount
    {
        private int _value;

        public int Value => _value;

        public void Add() => Interlocked.Increment(ref _value);
    }
}

/// <summary>What a caller got.</summary>
internal sealed record OutageAnswer(
    string? Key,
    HttpStatusCode Status,
    TimeSpan? RetryAfter,
    string? Outcome,
    TimeSpan Time
);
