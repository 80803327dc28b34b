using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>Consent, payment, receipt and withdrawal in Chromium, as production asks for them.</summary>
public sealed class ConsentStoryTests : IAsyncLifetime
{
    private Browser? _browser;
    private SiteHost? _site;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _browser = await Browser.StartAsync();
        _site = new SiteHost(("PayPerUse:RequiredConsent", "2026-1")).Started();
    }

    [Fact]
    public async Task A_visitor_agrees_pays_reads_the_receipt_and_withdraws()
    {
        var page = await _browser!.OpenAsync(_site!.Address);
        using var mailbox = new Visitor(_site.Address);
        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync(mailbox.Email);
        await page.Locator("#send-code").ClickAsync();
        await page.Locator("#code").WaitForAsync();
        await page.Locator("#code").FillAsync(await mailbox.ReadCodeAsync(Ct));
        await page.Locator("#verify").ClickAsync();
        await page.Locator("#credits").WaitForAsync();

        // Nothing is ordered before the box is ticked.
        await page.GotoAsync("/tegoed");
        await page.Locator("button[data-pay-per-use]").ClickAsync();
        await Assertions.Expect(page.Locator("#paywall")).ToContainTextAsync("herroepingsrecht");
        await Assertions.Expect(page.Locator("#paywall-link")).ToBeHiddenAsync();
        await page.Locator("#paywall #agreed").CheckAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync("Bestellen en betalen");
        await Accessibility.CheckAsync(page);

        var phone = await _browser.OpenAsync(_site.Address, width: 390, height: 844);
        await phone.GotoAsync((await page.Locator("#paywall-link").GetAttributeAsync("href"))!);
        await phone.Locator("form[action$='/approve'] button").ClickAsync();
        await Assertions.Expect(page.Locator("#credits")).ToContainTextAsync("5");

        // The page shows by itself what was bought.
        await Assertions.Expect(page.Locator("a[href$='/receipt']")).ToBeVisibleAsync();
        await Accessibility.CheckAsync(page);
        await page.Locator("a[href$='/receipt']").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Ontvangstbewijs TEST-");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("voorwaarden van versie 2026-1");
        await Accessibility.CheckAsync(page);

        await page.GotoAsync("/tegoed");
        await page.Locator("#withdraw").ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("€ 1,00");
        await Accessibility.CheckAsync(page);
        await page.Locator("#confirm-withdrawal").ClickAsync();
        await Assertions.Expect(page.Locator("[data-withdrawal=Accepted]")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#credits")).ToContainTextAsync("0");
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task Without_scripts_the_page_asks_for_consent_before_it_orders()
    {
        using var visitor = await Visitor.SignedInAsync(_site!.Address, Ct);
        var child = new Dictionary<string, string>
        {
            ["childName"] = "Emma",
            ["age"] = "6",
            ["goodDeeds"] = "Leerde fietsen",
            ["wishes"] = "Een trein",
        };
        using var refused = await visitor.PostFormAsync("/letters", child, Ct);
        using var asked = await visitor.PostFormAsync("/betalen", [], Ct);
        foreach (var answer in new[] { refused, asked })
        {
            var page = await answer.Content.ReadAsStringAsync(Ct);
            Assert.Contains("name=\"consent\" value=\"2026-1\"", page, StringComparison.Ordinal);
            Assert.DoesNotContain("paywall-link", page, StringComparison.Ordinal);
        }

        using var agreed = await visitor.PostFormAsync("/betalen", new() { ["consent"] = "2026-1" }, Ct);
        Assert.Contains("id=\"paywall-link\"", await agreed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }
}
