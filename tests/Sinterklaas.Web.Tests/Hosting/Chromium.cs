using Microsoft.Playwright;
using PayPerUse.Testing;
using Sinterklaas.Web.Tests.Hosting;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>The one Chromium of all tests: started by the first that needs it, and again should it have crashed.</summary>
public sealed class Chromium : IAsyncDisposable
{
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

    private static readonly SemaphoreSlim Starting = new(1, 1);
    private static IPlaywright? playwright;
    private static IBrowser? browser;

    public static async Task<IBrowser> GetAsync()
    {
        await Starting.WaitAsync();
        try
        {
            if (browser is { IsConnected: true })
            {
                return browser;
            }

            var path = Machine.Chromium();
            playwright ??= await Playwright.CreateAsync();
            return browser = await playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions { ExecutablePath = path, Args = Arguments }
            );
        }
        finally
        {
            Starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
