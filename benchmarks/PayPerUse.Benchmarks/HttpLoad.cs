using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;

namespace PayPerUse.Benchmarks;

/// <summary>The same endpoint bare and behind RequireCredits, on a real Kestrel with the in-memory store.</summary>
internal sealed class HttpLoad : IAsyncDisposable
{
    private const int Users = 1_000;

    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private HttpLoad(WebApplication app)
    {
        _app = app;
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                MaxConnectionsPerServer = 64,
                AllowAutoRedirect = false,
                UseCookies = false,
            }
        )
        {
            BaseAddress = new Uri(address.Addresses.First()),
        };
    }

    public static async Task<HttpLoad> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddPayPerUse(o => o.PublicUrl = new Uri("http://localhost")).AddAction("letter", 1);
        var app = builder.Build();
        app.Use(
            (context, next) =>
            {
                var user = context.Request.Headers["X-User"].ToString();
                context.User = new ClaimsPrincipal(
                    new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], "benchmark")
                );
                return next(context);
            }
        );
        app.MapPost("/bare", () => Results.Text("Dear child"));
        app.MapPost("/paid", () => Results.Text("Dear child")).RequireCredits("letter");
        await app.StartAsync();
        var ledger = app.Services.GetRequiredService<CreditLedger>();
        for (var i = 0; i < Users; i++)
        {
            await ledger.GrantAsync(new AccountId("user" + i), "start", 1_000_000_000, "benchmark");
        }

        // Until the compiler has seen both ways often enough, it is its own work that is measured, and most on the longer way.
        var load = new HttpLoad(app);
        for (var i = 0; i < 2; i++)
        {
            await load.RateAsync("/paid", TimeSpan.FromSeconds(2));
            await load.RateAsync("/bare", TimeSpan.FromSeconds(2));
        }

        return load;
    }

    public Task<double> RateAsync(string path, TimeSpan duration) =>
        Turns.RateAsync(
            64,
            duration,
            async (_, token) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path);
                request.Headers.TryAddWithoutValidation("X-User", "user" + Random.Shared.Next(Users));
                using var response = await _client.SendAsync(request, token);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    throw new InvalidOperationException($"{path} answered {response.StatusCode}.");
                }

                await response.Content.CopyToAsync(Stream.Null, token);
            }
        );

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }
}
