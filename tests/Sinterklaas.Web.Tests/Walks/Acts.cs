using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Walks;

/// <summary>What is done on a page to see it in another state.</summary>
internal static class Acts
{
    public static async Task AskRefusedCodeAsync(IPage page)
    {
        await page.Locator("#email").FillAsync("niemand");
        await SendUncheckedAsync(page, "form[action='/signin']");
        await page.Locator("#email-error").WaitForAsync();
    }

    public static async Task GiveWrongCodeAsync(IPage page)
    {
        await Steps.AskCodeAsync(page);
        await page.Locator("#code").FillAsync("000000");
        await page.Locator("#verify").ClickAsync();
        await page.Locator("#code-error").WaitForAsync();
    }

    public static async Task SendRefusedFormAsync(IPage page)
    {
        await Steps.FillAsync(page, "Emma");
        await page.Locator("#childName-1").FillAsync("Lou");
        await page.Locator("#age-1").FillAsync("14");
        await page.Locator("#wishes").FillAsync("  ");
        await SendUncheckedAsync(page, "form[data-gift]");
        await page.Locator("[data-refused]").WaitForAsync();
    }

    /// <summary>Comes to the page to pay on as a browser without scripts does.</summary>
    public static async Task AskWithoutScriptAsync(IPage page)
    {
        await Steps.FillAsync(page, "Emma");
        await SendUncheckedAsync(page, "form[data-gift]");
        await page.Locator("#consent").WaitForAsync();
    }

    public static async Task OrderWithoutScriptAsync(IPage page)
    {
        await AskWithoutScriptAsync(page);
        await page.Locator("#consent").CheckAsync();
        await page.Locator("#paywall button[type=submit]").ClickAsync();
        await Steps.CheckoutAsync(page);
    }

    public static async Task OpenPaywallAsync(IPage page)
    {
        await page.Locator("button[data-pay-per-use]").ClickAsync();
        await page.Locator("#paywall #agreed").WaitForAsync();
    }

    public static async Task AskPaywallAsync(IPage page)
    {
        await Steps.AskAsync(page, "Emma");
        await page.Locator("#paywall #agreed").WaitForAsync();
    }

    public static async Task OrderAsync(IPage page)
    {
        await OpenPaywallAsync(page);
        await page.Locator("#paywall #agreed").CheckAsync();
        await Steps.CheckoutAsync(page);
    }

    public static async Task CancelOrderAsync(IPage page)
    {
        await OrderAsync(page);
        await page.Locator("#paywall #cancel").ClickAsync();
        await page.Locator("#paywall #retry").WaitForAsync();
    }

    public static async Task ShareAsync(IPage page)
    {
        await page.Locator("#share").ClickAsync();
        await page.Locator("#share-url").WaitForAsync();
    }

    public static Task OpenDetailsAsync(IPage page) =>
        page.EvaluateAsync("() => document.querySelectorAll('details').forEach(d => d.open = true)");

    // Around what the browser and the scripts check.
    private static async Task SendUncheckedAsync(IPage page, string form) =>
        await page.EvaluateAsync("form => document.querySelector(form).submit()", form);
}
