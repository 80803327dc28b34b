using Microsoft.Playwright;
using PayPerUse.Testing;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>Chromium, with devices that share nothing, and what their consoles complained about.</summary>
public sealed class Browser : IAsyncDisposable
{
    // Only a story that hangs takes this long, in milliseconds.
    private const float Patience = 60_000;

    private static readonly string[] Arguments =
    [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Errors in consoles and scripts; a refusal (402), which the browser logs as a failed load, is none.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Browser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var chromium = Machine.Chromium();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = chromium, Args = Arguments }
        );
        return new Browser(playwright, browser);
    }

    /// <summary>A page on a device of its own.</summary>
    public async Task<IPage> OpenAsync(
        Uri site,
        int width = 1280,
        int height = 900,
        string locale = "nl-BE",
        ColorScheme? scheme = null
    )
    {
        var context = await _browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = site.ToString(),
                ViewportSize = new ViewportSize { Width = width, Height = height },
                DeviceScaleFactor = Screenshots.Scale,
                Locale = locale,
                ColorScheme = scheme ?? Screenshots.Scheme,
            }
        );
        context.SetDefaultTimeout(Patience);
        return await OpenAsync(context);
    }

    /// <summary>Another tab of the same device.</summary>
    public async Task<IPage> OpenAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("402", StringComparison.Ordinal))
            {
                Complaints.Add($"{message.Text} at {message.Location}");
            }
        };
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
