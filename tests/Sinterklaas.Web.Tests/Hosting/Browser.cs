using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>The devices of one test, which share nothing, and what their consoles complained about.</summary>
public sealed class Browser : IAsyncDisposable
{
    // What one step waits for, in milliseconds: less than a whole story, so that a failure names the step.
    private const float Patience = 60_000;
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<IBrowserContext> _devices = [];
    private readonly IBrowser _browser;

    private Browser(IBrowser browser) => _browser = browser;

    /// <summary>Errors in consoles and scripts; a refusal (402), which the browser logs as a failed load, is none.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public static async Task<Browser> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        return new Browser(await Chromium.GetAsync());
    }

    /// <summary>A page on a device of its own, which asks for less motion when it is to be still.</summary>
    public async Task<IPage> OpenAsync(
        Uri site,
        int width = 1280,
        int height = 900,
        string locale = "nl-BE",
        ColorScheme? scheme = null,
        bool hasScripts = true,
        bool isStill = false
    )
    {
        var context = await _browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = site.ToString(),
                ViewportSize = new ViewportSize { Width = width, Height = height },
                DeviceScaleFactor = Screenshots.Scale,
                Locale = locale,
                JavaScriptEnabled = hasScripts,
                ColorScheme = scheme ?? Screenshots.Scheme,
                ReducedMotion = isStill ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            }
        );
        _devices.Enqueue(context);
        context.SetDefaultTimeout(Patience);
        return await OpenAsync(context);
    }

    /// <summary>Another tab of the same device.</summary>
    public async Task<IPage> OpenAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("402", StringComparison.Ordinal))
            {
                Complaints.Enqueue($"{message.Text} at {message.Location}");
            }
        };
        return page;
    }

    /// <summary>Scans the code with a phone of its own and presses a button in the bank app: approve, decline or cancel.</summary>
    public async Task InBankAppAsync(Uri site, string? checkout, string button)
    {
        Assert.NotNull(checkout);
        var phone = await OpenAsync(site, width: 390, height: 844);
        await phone.GotoAsync(checkout);
        var answer = await phone.RunAndWaitForResponseAsync(
            () => phone.Locator($"form[action$='/{button}'] button").ClickAsync(),
            response => response.Request.Method == "POST"
        );
        // A bank that refuses what was pressed would leave the story waiting for something that never comes.
        Assert.True(answer.Status < 400, $"{button}: {answer.Status}");
        await phone.Context.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices)
        {
            await device.CloseAsync().WaitAsync(Closing);
        }
    }
}
