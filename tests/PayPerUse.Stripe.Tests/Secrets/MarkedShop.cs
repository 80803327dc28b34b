using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payconiq;
using PayPerUse.Payments;
using PayPerUse.SignIn;
using PayPerUse.Stripe.Tests.World;

namespace PayPerUse.Stripe.Tests.Secrets;

/// <summary>A shop with both providers and marked secrets on a real Kestrel; everything it answers is kept.</summary>
internal sealed class MarkedShop : IAsyncDisposable
{
    private readonly Wiretap _tap;
    private readonly HttpClient _client;
    private readonly MarkedSecrets _secrets;

    private MarkedShop(WebApplication app, StripeWorld world, Wiretap tap, MarkedSecrets secrets)
    {
        App = app;
        World = world;
        _tap = tap;
        _secrets = secrets;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    public WebApplication App { get; }

    public StripeWorld World { get; }

    /// <summary>The owner of the customer's account.</summary>
    public string Customer { get; private set; } = "anna";

    public MarkedMails Mails => (MarkedMails)App.Services.GetRequiredService<ISignInMailer>();

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
        builder.Services.AddDbContextFactory<MarkedDb>(database);
        var payPerUse = builder
            .Services.AddPayPerUse(o => o.Sweep.Enabled = false)
            .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
            .UseEntityFrameworkCore<MarkedDb>();
        builder.Services.AddSignIn<MarkedDb>(_ => { });
        builder.Services.AddSingleton<ISignInMailer, MarkedMails>();
        builder.Services.AddSingleton<ISignInPages, MarkedPages>();
        world.AddTo(payPerUse);
        payPerUse.AddPayconiqSimulator(o => o.ApiKey = secrets.PayconiqKey);
        builder.Services.Configure<PayconiqOptions>(o => o.SigningKey = secrets.SigningKey);
        builder.Services.Configure<StripeOptions>(o =>
        {
            o.ApiKey = stripeKey ?? secrets.StripeKey;
            o.WebhookSecret = secrets.WebhookSecret;
        });
        var app = builder.Build();
        app.UseSignIn();
        app.UseAuthorization();
        app.MapSignIn();
        app.MapPayPerUse();
        app.MapPayconiqSimulator();
        try
        {
            await app.StartAsync(Token);
            return new MarkedShop(app, world, tap, secrets);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Signs in for a token and in a browser. Ticket, token and cookie are secrets from here on, and only these answers may hold them.
    /// </summary>
    public async Task SignInAsync()
    {
        const string Email = "anna@example.com";
        using var asked = await PostPlainAsync("/signin", new { email = Email });
        var ticket = _secrets.Add("a sign-in ticket", (await JsonAsync(asked)).GetProperty("ticket").GetString()!);
        _secrets.AddCode(Mails.Sent.Last().Code);
        await PostAsync(
            "/signin/verify",
            new
            {
                email = Email,
                code = "x",
                ticket,
            }
        );
        var code = Mails.Sent.Last().Code;
        using var verified = await PostPlainAsync(
            "/signin/verify",
            new
            {
                email = Email,
                code,
                ticket,
            }
        );
        var token = _secrets.Add("a bearer token", (await JsonAsync(verified)).GetProperty("accessToken").GetString()!);
        await PostAsync(
            "/signin/verify",
            new
            {
                email = Email,
                code,
                ticket,
            }
        );

        using var form = await PostPlainAsync("/signin", null, ("email", Email));
        _secrets.AddCode(Mails.Sent.Last().Code);
        using var entered = await PostPlainAsync(
            "/signin/verify",
            null,
            ("email", Email),
            ("code", Mails.Sent.Last().Code)
        );
        var cookies = form.Headers.Concat(entered.Headers).Where(h => h.Key == "Set-Cookie").SelectMany(h => h.Value);
        var values = cookies.Select(c => c.Split('=', 2)[1].Split(';')[0]).Where(v => v.Length > 0).ToArray();
        Assert.True(values.Length >= 2, "a ticket's cookie and a session's");
        for (var i = 0; i < values.Length; i++)
        {
            _secrets.Add($"cookie {i}", values[i]);
        }

        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await using var db = await App
            .Services.GetRequiredService<IDbContextFactory<MarkedDb>>()
            .CreateDbContextAsync(Token);
        Customer = (await db.Set<SignInUser>().SingleAsync(Token)).Id;
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

    /// <summary>A POST whose answer is not written down.</summary>
    private async Task<HttpResponseMessage> PostPlainAsync(
        string path,
        object? json,
        params (string Name, string Value)[] form
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = json is null
                ? new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)))
                : new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(json)),
        };
        request.Content.Headers.ContentType ??= new("application/json");
        request.Headers.Accept.ParseAdd(json is null ? "text/html" : "application/json");
        var sent = _client.SendAsync(request, Token);
        await World.PassWhileAsync(sent);
        return await sent;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
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
