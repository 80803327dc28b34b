using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PayPerUse;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Payments;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>The smallest app around the paywall: one page of plain HTML, under a strict policy and a prefix.</summary>
public sealed class PlainShop : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _written;

    private PlainShop(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
    }

    public Uri Address { get; }

    /// <summary>How many letters were written.</summary>
    public int Written => _written;

    /// <param name="attributes">The element's.</param>
    /// <param name="configure">Changes what is for sale.</param>
    public static async Task<PlainShop> StartAsync(string attributes = "", Action<IPayPerUseBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development }
        );
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton<IAccountResolver, OneCustomer>();
        var payPerUse = builder
            .Services.AddPayPerUse()
            .AddPack(new CreditPack("five", 5, Money.Euro(1m)))
            .AddAction("letter", 1)
            .AddPayconiqSimulator();
        configure?.Invoke(payPerUse);
        var app = builder.Build();
        var shop = new PlainShop[1];
        app.Use(
            (context, next) =>
            {
                context.Response.Headers.TryAdd("Content-Security-Policy", "default-src 'self'");
                return next(context);
            }
        );
        app.MapPayPerUse("/api");
        app.MapPayconiqSimulator();
        app.MapGet("/{language:length(2)}", (string language) => Page(language, "", attributes));
        app.MapPost(
                "/{language:length(2)}",
                async (string language, HttpRequest request) =>
                {
                    Interlocked.Increment(ref shop[0]._written);
                    var form = await request.ReadFormAsync();
                    var letter = $"<p id=\"letter\">Dear {WebUtility.HtmlEncode(form["child"])}</p>";
                    return form["way"] == "redirect"
                        ? Results.Redirect($"/letters/{Uri.EscapeDataString(form["child"]!)}")
                        : Page(language, letter, attributes);
                }
            )
            .RequireCredits("letter")
            .KeepAnswer(TimeSpan.FromDays(1))
            .DisableAntiforgery();
        app.MapGet(
            "/letters/{child}",
            (string child) => Results.Content($"<p id=\"letter\">Dear {WebUtility.HtmlEncode(child)}</p>", "text/html")
        );
        app.MapGet("/favicon.ico", () => Results.NoContent());
        app.MapGet(
            "/page.css",
            () => Results.Text("html { color-scheme: light dark; font-family: sans-serif }", "text/css")
        );
        await app.StartAsync();
        return shop[0] = new PlainShop(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IResult Page(string language, string letter, string attributes) =>
        Results.Content(
            $"""
            <!doctype html>
            <html lang="{language}">
            <head>
            <title>Letters</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="stylesheet" href="/page.css">
            <script type="module" src="/api/payments/paywall.js"></script>
            </head>
            <body>
            <main>
            <h1>Letters</h1>
            {letter}
            <form method="post" action="/{language}" data-pay-per-use>
            <label>Child <input name="child" autocomplete="off" required></label>
            <label><input type="checkbox" name="nice" value="yes"> Nice</label>
            <button name="way" value="page">Write</button>
            <button name="way" value="redirect">Write and go</button>
            </form>
            <button type="button" data-pay-per-use>Buy</button>
            </main>
            <pay-per-use {attributes}><span slot="terms">I agree to the terms.</span></pay-per-use>
            </body>
            </html>
            """,
            "text/html; charset=utf-8"
        );

    private sealed class OneCustomer : IAccountResolver
    {
        public ValueTask<AccountId?> ResolveAsync(HttpContext context, CancellationToken cancellationToken) =>
            new(new AccountId("customer"));
    }
}
