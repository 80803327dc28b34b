using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PayPerUse;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Payments;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>The smallest app around the paywall: one page of plain HTML, under a strict policy and a prefix.</summary>
public sealed class PlainShop : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _attributes;
    private readonly string _terms;
    private int _written;

    private PlainShop(WebApplication app, TestClock clock, string attributes, string terms)
    {
        _app = app;
        _attributes = attributes;
        _terms = terms;
        Clock = clock;
    }

    public Uri Address => new(_app.Urls.First());

    public TestClock Clock { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What an album of three credits waits for while it is made.</summary>
    public TaskCompletionSource Printing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was asked for, refused or not: the key of each request, and the child.</summary>
    public ConcurrentQueue<(string? Key, string? Child)> Asked { get; } = [];

    /// <summary>How large the files are that came with what was asked for.</summary>
    public ConcurrentQueue<long> Files { get; } = [];

    /// <summary>How many letters were written, or pictures drawn.</summary>
    public int Written => _written;

    /// <param name="attributes">The element's.</param>
    /// <param name="terms">What the page says of the terms, in the element.</param>
    /// <param name="isForMembers">Whether a customer must sign in; else everybody is the same one.</param>
    /// <param name="configure">Changes what is for sale.</param>
    public static async Task<PlainShop> StartAsync(
        string attributes = "",
        string terms = "",
        bool isForMembers = false,
        Action<IPayPerUseBuilder>? configure = null
    )
    {
        // Nothing of this machine: no settings files, and so no watching of folders for them.
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development }
        );
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var clock = new TestClock();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddRouting();
        builder.Services.AddLogging();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton<IAccountResolver>(new Customers(isForMembers));
        var payPerUse = builder
            .Services.AddPayPerUse()
            .AddPack(new CreditPack("five", 5, Money.Euro(1m)))
            .AddAction("letter", 1)
            .AddAction("album", 3)
            .AddPayconiqSimulator();
        configure?.Invoke(payPerUse);
        var shop = new PlainShop(builder.Build(), clock, attributes, terms);
        shop.Map();
        await shop._app.StartAsync();
        return shop;
    }

    /// <summary>Uses credits of the one customer elsewhere.</summary>
    public Task SpendAsync(long credits) =>
        Services.GetRequiredService<CreditLedger>().SpendAsync(new AccountId("customer"), "else", credits, "letter");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.Use(
            async (context, next) =>
            {
                context.Response.Headers.TryAdd("Content-Security-Policy", "default-src 'self'");
                if (context.Request.HasFormContentType && context.Request.Headers["Idempotency-Key"] is [var key])
                {
                    var form = await context.Request.ReadFormAsync();
                    Asked.Enqueue((key, form["child"]));
                    foreach (var file in form.Files)
                    {
                        Files.Enqueue(file.Length);
                    }
                }

                await next(context);
            }
        );
        _app.MapPayPerUse("/api");
        _app.MapPayconiqSimulator();
        _app.MapGet("/{language:length(2)}", (string language) => Page(language, ""));
        _app.MapPost("/{language:length(2)}", WriteAsync)
            .RequireCredits("letter")
            .KeepAnswer(TimeSpan.FromDays(1))
            .DisableAntiforgery();
        _app.MapPost("/pictures", DrawAsync).RequireCredits("letter").KeepAnswer(TimeSpan.FromDays(1));
        _app.MapPost("/albums", (CancellationToken ct) => Printing.Task.WaitAsync(ct)).RequireCredits("album");
        _app.MapGet("/letters/{child}", (string child) => Results.Content(Letter(child), "text/html"));
        _app.MapGet("/signin", SignIn);
        _app.MapGet("/favicon.ico", () => Results.NoContent());
        _app.MapGet(
            "/page.css",
            () =>
                Results.Text(
                    "html { color-scheme: light dark; font-family: sans-serif } button { min-height: 2rem }",
                    "text/css"
                )
        );
    }

    private async Task<IResult> WriteAsync(string language, HttpRequest request)
    {
        Interlocked.Increment(ref _written);
        var form = await request.ReadFormAsync();
        var child = form["child"].ToString();
        return form["way"] == "redirect"
            ? Results.Redirect($"/letters/{Uri.EscapeDataString(child)}")
            : Page(language, Letter(child));
    }

    /// <summary>Tells the bytes that it got.</summary>
    private async Task<IResult> DrawAsync(HttpRequest request, CancellationToken ct)
    {
        Interlocked.Increment(ref _written);
        using var picture = new MemoryStream();
        await request.Body.CopyToAsync(picture, ct);
        return Results.Text(Convert.ToHexString(picture.ToArray()));
    }

    private static IResult SignIn(string returnUrl, HttpResponse response)
    {
        response.Cookies.Append("customer", "member");
        return Results.LocalRedirect(returnUrl);
    }

    private static string Letter(string child) => $"<p id=\"letter\">Dear {WebUtility.HtmlEncode(child)}</p>";

    private IResult Page(string language, string letter) =>
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
            <p>Left: <span id="left" data-pay-per-use-balance>–</span></p>
            </main>
            <pay-per-use {_attributes}>{_terms}</pay-per-use>
            </body>
            </html>
            """,
            "text/html; charset=utf-8"
        );

    private sealed class Customers(bool mustSignIn) : IAccountResolver
    {
        public ValueTask<AccountId?> ResolveAsync(HttpContext context, CancellationToken cancellationToken)
        {
            var name = context.Request.Cookies["customer"] ?? (mustSignIn ? null : "customer");
            return new(name is null ? null : new AccountId(name));
        }
    }
}
