using System.Globalization;
using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>The page that everybody sees first is light, quick and needs no script.</summary>
public sealed class FirstPageTests(SharedSite site, ITestOutputHelper output)
    : SiteStory(site),
        IClassFixture<SharedSite>
{
    private const int MostBytes = 100 * 1024;
    private const int MostRequests = 10;

    // A script in the page hears of paints that happened before it; the last candidate is the largest.
    private const string LargestContentfulPaint = """
        () => new Promise(resolve => new PerformanceObserver(list => {
          const last = list.getEntries().at(-1);
          resolve([last.startTime, last.element?.tagName ?? "", last.url ?? ""].join(" "));
        }).observe({ type: "largest-contentful-paint", buffered: true }))
        """;

    [Theory]
    [InlineData(390, 844)]
    [InlineData(1280, 900)]
    public async Task It_takes_at_most_100_KB_and_10_requests_all_to_this_host(int width, int height)
    {
        var page = await Browser.OpenAsync(Site.Address, width, height);
        var cdp = await page.Context.NewCDPSessionAsync(page);
        await cdp.SendAsync("Network.enable");
        var requests = new List<string>();
        double bytes = 0;
        page.Request += (_, request) => requests.Add(request.Url);
        cdp.Event("Network.loadingFinished").OnEvent += (_, e) =>
            bytes += e!.Value.GetProperty("encodedDataLength").GetDouble();

        await page.GotoAsync("/", new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
        var largest = await page.EvaluateAsync<string>(LargestContentfulPaint);

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{width}x{height}: {requests.Count} requests, {bytes / 1024:F1} KB, largest contentful paint (ms, element): {largest}"
            )
        );
        Assert.All(requests, url => Assert.StartsWith(Site.Address.ToString(), url, StringComparison.Ordinal));
        Assert.InRange(requests.Count, 1, MostRequests);
        Assert.InRange(bytes, 1, MostBytes);
        Assert.Empty(Browser.Complaints);
    }

    [Fact]
    public async Task It_leads_to_a_letter_without_any_script()
    {
        var page = await Browser.OpenAsync(Site.Address, width: 390, height: 844, hasScripts: false);
        await Steps.SignInAsync(page);
        await page.Locator("form.languages [value=de]").ClickAsync();
        await page.Locator("html[lang=de] #credits").WaitForAsync();

        await Steps.FillAsync(page, "Mila");
        await page.Locator("#make-letter").ClickAsync();
        await page.Locator("#paywall button[type=submit]").ClickAsync();
        await page.Locator("#paywall-qr").WaitForAsync();
        await Screenshots.SaveAsync(page, "betalen-zonder-script", whole: true);

        var bank = await Browser.OpenAsync(page.Context);
        await bank.GotoAsync((await page.Locator("#paywall-link").GetAttributeAsync("href"))!);
        await bank.Locator("form[action$='/approve'] button").ClickAsync();
        await Steps.WaitForCreditsAsync(page);
        await page.Locator("#paywall form[action='/letters'] button").ClickAsync();

        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync("Mila");
    }
}
