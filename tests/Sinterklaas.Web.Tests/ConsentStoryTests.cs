using System.Globalization;
using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>Consent, payment, receipt and withdrawal in Chromium, as production asks for them.</summary>
public sealed class ConsentStoryTests(ConsentSite site) : SiteStory(site), IClassFixture<ConsentSite>
{
    [Stories]
    [InlineData(Device.Screen, "nl", "herroepingsrecht", "Ontvangstbewijs TEST-", "voorwaarden van versie 2026-1")]
    [InlineData(Device.Phone, "fr", "droit de rétractation", "Reçu TEST-", "conditions, version 2026-1")]
    [InlineData(Device.Screen, "de", "Widerrufsrecht", "Quittung TEST-", "Bedingungen, Version 2026-1")]
    [InlineData(Device.Phone, "en", "right of withdrawal", "Receipt TEST-", "terms of version 2026-1")]
    public async Task A_visitor_agrees_pays_reads_the_receipt_and_withdraws(
        Device device,
        string language,
        string right,
        string receipt,
        string terms
    )
    {
        var page = await OpenAsync(device);
        await page.Context.AddCookiesAsync([Steps.Speaking(language, Site.Address)]);
        await Steps.SignInAsync(page);

        // Nothing is ordered before the box is ticked.
        await page.GotoAsync("/tegoed");
        await page.Locator("button[data-pay-per-use]").ClickAsync();
        await Assertions.Expect(page.Locator("#paywall")).ToContainTextAsync(right);
        await Assertions.Expect(page.Locator("#paywall-link")).ToBeHiddenAsync();
        await CheckBothThemesAsync(page);
        await page.Locator("#paywall #agreed").CheckAsync();
        await Steps.CheckoutAsync(page);
        await CheckBothThemesAsync(page);

        var loads = 0;
        page.Request += (_, request) =>
            loads += request.IsNavigationRequest && new Uri(request.Url).AbsolutePath == "/tegoed" ? 1 : 0;
        await AtTheBankAsync(page, "approve");
        await ExpectCreditsAsync(page, left: 5);

        // The page shows by itself what was bought: one that was open reloads, one that is come back to has it already.
        await Assertions.Expect(page.Locator("a[href$='/receipt']")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => !localStorage['pay-per-use']");
        await Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync();
        Assert.Equal(1, loads);
        await CheckBothThemesAsync(page);
        await page.Locator("a[href$='/receipt']").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(receipt);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(terms);
        await CheckBothThemesAsync(page);

        await page.GotoAsync("/tegoed");
        await page.Locator("#withdraw").ClickAsync();
        var price = 1m.ToString("0.00", CultureInfo.GetCultureInfo(language));
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(price);
        await CheckBothThemesAsync(page);
        await page.Locator("#confirm-withdrawal").ClickAsync();
        await Assertions.Expect(page.Locator("[data-withdrawal=Accepted]")).ToBeVisibleAsync();
        await ExpectCreditsAsync(page, left: 0);
        await CheckBothThemesAsync(page);
        Assert.Empty(Browser.Complaints);
    }

    [Fact]
    public async Task Without_scripts_the_page_asks_for_consent_before_it_orders()
    {
        using var visitor = await Visitor.SignedInAsync(Site.Address, Ct);
        using var asked = await visitor.PostFormAsync("/betalen", [], Ct);
        var page = await asked.Content.ReadAsStringAsync(Ct);
        Assert.Contains("name=\"consent\" value=\"2026-1\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("paywall-link", page, StringComparison.Ordinal);

        using var agreed = await visitor.PostFormAsync("/betalen", new() { ["consent"] = "2026-1" }, Ct);
        Assert.Contains("id=\"paywall-link\"", await agreed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static async Task CheckBothThemesAsync(IPage page)
    {
        await Accessibility.CheckAsync(page);
        await Accessibility.CheckDarkAsync(page);
    }
}
