using Microsoft.Playwright;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>What a visitor holds: a screen with a phone beside it to scan and pay with, or a phone and nothing else.</summary>
public enum Device
{
    Screen,
    Phone,
}

/// <summary>The steps of a visitor of the site, on either device.</summary>
public abstract class SiteStory(SharedSite site) : IAsyncLifetime
{
    protected SharedSite Site => site;

    protected Browser Browser { get; private set; } = null!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Browser = await Browser.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task<IPage> OpenAsync(Device device) =>
        device == Device.Phone
            ? Browser.OpenAsync(site.Address, width: 390, height: 844)
            : Browser.OpenAsync(site.Address);

    protected async Task<IPage> SignedInAsync(Device device)
    {
        var page = await OpenAsync(device);
        await Steps.SignInAsync(page);
        return page;
    }

    /// <summary>Somebody without credits who asked for a letter, and sees the paywall.</summary>
    protected async Task<IPage> RefusedAsync(Device device, string child, Func<ILocator, Task>? press = null)
    {
        var page = await SignedInAsync(device);
        await Steps.AskAsync(page, child, press);
        return page;
    }

    /// <summary>
    /// Presses a button at the bank, the way of the device: a screen shows a code that another phone scans, a phone follows the link
    /// and is led back.
    /// </summary>
    protected async Task AtTheBankAsync(IPage page, string button)
    {
        var checkout = await Steps.CheckoutAsync(page);
        if (page.ViewportSize!.Width >= 600)
        {
            await Browser.InBankAppAsync(site.Address, checkout, button);
            return;
        }

        await page.Locator("#paywall-link").ClickAsync();
        await page.Locator($"form[action$='/{button}'] button").ClickAsync();
        // What has not arrived yet is waited for by the page between, which then leads on by itself.
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath is "/" or "/tegoed");
    }

    /// <summary>The letter is there, and this many credits.</summary>
    protected static async Task ExpectLetterAsync(IPage page, string child, int left)
    {
        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync(child);
        await ExpectCreditsAsync(page, left);
    }

    protected static Task ExpectCreditsAsync(IPage page, int left) =>
        Assertions.Expect(page.Locator("#credits b")).ToHaveTextAsync($"{left}");
}
