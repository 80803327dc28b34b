using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payments;
using PayPerUse.SignIn.Mailing;

namespace PayPerUse.SignIn.Tests;

/// <summary>A small app on a real server with a database of its own, whose mails are kept and whose time the test moves.</summary>
internal sealed class SignInHouse : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo? _folder;

    private SignInHouse(WebApplication app, SignInHouseSetup setup, DirectoryInfo? folder)
    {
        _app = app;
        _folder = folder;
        Setup = setup;
        Address = new Uri(app.Urls.First());
    }

    public SignInHouseSetup Setup { get; }

    public Uri Address { get; }

    public FakeTimeProvider Clock => Setup.Clock;

    public IServiceProvider Services => _app.Services;

    public SignInUsers Users => _app.Services.GetRequiredService<SignInUsers>();

    public ConcurrentQueue<SignInMail> Mails => Setup.Mails;

    public LocalMailbox Mailbox => _app.Services.GetRequiredService<LocalMailbox>();

    public IMailSender MailSender => _app.Services.GetRequiredService<IMailSender>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SignInHouse> StartAsync(Action<SignInHouseSetup>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("sign-in-");
        var setup = new SignInHouseSetup
        {
            ConnectionString = $"Data Source={Path.Combine(folder.FullName, "app.db")}",
        };
        configure?.Invoke(setup);
        var app = setup.Build();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<SignInDb>().Database.EnsureCreatedAsync(Token);
        }

        await app.StartAsync(Token);
        return new SignInHouse(app, setup, folder);
    }

    /// <summary>Another host of the same app: the same database, keys and time.</summary>
    public async Task<SignInHouse> StartAnotherHostAsync()
    {
        var app = Setup.Build();
        await app.StartAsync(Token);
        return new SignInHouse(app, Setup, folder: null);
    }

    public async Task<int> CountAsync<TRow>()
        where TRow : class
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SignInDb>().Set<TRow>().CountAsync(Token);
    }

    public async Task<List<TRow>> ListAsync<TRow>()
        where TRow : class
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SignInDb>().Set<TRow>().ToListAsync(Token);
    }

    /// <summary>Breaks the database under the running app.</summary>
    public async Task DropTablesAsync()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SignInDb>().Database.EnsureDeletedAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        if (_folder is not null)
        {
            SqliteConnection.ClearAllPools();
            _folder.Delete(recursive: true);
        }
    }
}

/// <summary>What differs between one test's app and another's.</summary>
internal sealed class SignInHouseSetup
{
    private readonly EphemeralDataProtectionProvider _keys = new();

    public required string ConnectionString { get; init; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));

    public ConcurrentQueue<SignInMail> Mails { get; } = new();

    public Action<SignInOptions> Options { get; set; } = _ => { };

    /// <summary>Goes before authentication.</summary>
    public Action<WebApplication> UseFirst { get; set; } = _ => { };

    /// <summary>Goes between authentication and authorization.</summary>
    public Action<WebApplication> Use { get; set; } = _ => { };

    public bool HasPages { get; set; } = true;

    public bool HasMailer { get; set; } = true;

    /// <summary>Whether the mail server refuses.</summary>
    public bool RefusesMail { get; set; }

    public string Environment { get; set; } = Environments.Development;

    /// <summary>Settings of the app's own mail sender; null without one.</summary>
    public Dictionary<string, string?>? MailSettings { get; set; }

    public WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddDbContext<SignInDb>(o => o.UseSqlite(ConnectionString));
        builder
            .Services.AddPayPerUse(o => o.Sweep.Enabled = false)
            .AddPack(new CreditPack("five", 5, Money.Euro(1.00m)));
        builder.Services.AddSignIn<SignInDb>(Options);
        builder.Services.AddSingleton<IDataProtectionProvider>(_keys);
        if (HasMailer)
        {
            builder.Services.AddSingleton<ISignInMailer>(new KeptMails(this));
        }

        if (MailSettings is not null)
        {
            builder.Configuration.AddInMemoryCollection(MailSettings);
            builder.Services.AddMailSender(builder.Configuration);
        }

        if (HasPages)
        {
            builder.Services.AddSingleton<ISignInPages, PlainPages>();
        }

        var app = builder.Build();
        app.UseRequestLocalization(o => o.AddSupportedUICultures("en", "nl", "fr", "de", "sv").SetDefaultCulture("en"));
        UseFirst(app);
        app.UseSignIn();
        Use(app);
        app.UseAuthorization();
        app.MapSignIn();
        if (MailSettings is not null)
        {
            app.MapLocalMailbox();
        }

        app.MapGet("/me", (ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier))
            .RequireAuthorization();
        return app;
    }

    private sealed class KeptMails(SignInHouseSetup setup) : ISignInMailer
    {
        public Task SendAsync(SignInMail mail, CancellationToken cancellationToken)
        {
            if (setup.RefusesMail)
            {
                throw new SignInMailException("The mail server refused.");
            }

            setup.Mails.Enqueue(mail);
            return Task.CompletedTask;
        }
    }

    private sealed class PlainPages : ISignInPages
    {
        public IResult AskEmail(SignInForm form) => Show("email", form);

        public IResult AskCode(SignInForm form) => Show("code", form);

        private static TextPage Show(string page, SignInForm form) =>
            new TextPage($"{page}|{form.Email}|{form.ReturnUrl}|{form.Error}|{form.ErrorText}");
    }

    /// <summary>Leaves the status alone, as pages do.</summary>
    private sealed class TextPage(string text) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => httpContext.Response.WriteAsync(text);
    }
}

public sealed class SignInDb(DbContextOptions<SignInDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.UsePayPerUseSignIn().UseLocalMailbox();
}
