using System.Globalization;
using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>The main job as a visitor lives it, in Chromium, with a phone beside the screen.</summary>
public sealed class BrowserStoryTests : IAsyncLifetime
{
    private Browser? _browser;
    private SiteHost? _site;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _browser = await Browser.StartAsync();
        _site = new SiteHost().Started();
    }

    [Story]
    public async Task A_visitor_signs_in_is_refused_pays_by_phone_makes_five_and_is_refused_again()
    {
        var page = await OpenAsync(width: 1280, height: 900);
        await SignInAsync(page);
        await Assertions.Expect(page.Locator("#credits")).ToContainTextAsync("0 credits");

        await FillAsync(page, "Emma");
        await page.Locator("#make-letter").ClickAsync();
        await Assertions.Expect(page.Locator("#paywall")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#paywall")).ToContainTextAsync("€ 1,00");
        await WaitForQrAsync(page);
        await Accessibility.CheckAsync(page);
        await Screenshots.SaveAsync(page, "betalen-op-scherm");

        var phone = await OpenAsync(width: 390, height: 844);
        await PayAsync(phone, await page.Locator("#paywall-link").GetAttributeAsync("href"));

        // Back to what was being made, by itself.
        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync("Emma");
        await Assertions.Expect(page.Locator("#credits")).ToContainTextAsync("4 credits");
        await Accessibility.CheckAsync(page);
        await Screenshots.SaveAsync(page, "brief-op-scherm");
        var letter = page.Url;

        for (var left = 3; left >= 0; left--)
        {
            await page.GotoAsync("/");
            await FillAsync(page, left % 2 == 0 ? "Noor" : "Emma");
            await page.Locator(left % 2 == 0 ? "#make-letter" : "#make-audio").ClickAsync();
            await Assertions.Expect(page.Locator(left % 2 == 0 ? "#letter" : "#player")).ToBeVisibleAsync();
            await Assertions
                .Expect(page.Locator("#credits"))
                .ToContainTextAsync(left.ToString(CultureInfo.InvariantCulture));
        }

        await page.GotoAsync("/");
        await FillAsync(page, "Lou");
        await page.Locator("#make-letter").ClickAsync();
        await Assertions.Expect(page.Locator("#paywall")).ToBeVisibleAsync();
        await WaitForQrAsync(page);

        await page.GotoAsync(letter);
        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync("Emma");
        Assert.Empty(_browser!.Complaints);
    }

    [Story]
    public async Task On_a_phone_the_link_leads_to_the_bank_and_back_to_what_was_being_made()
    {
        var phone = await OpenAsync(width: 390, height: 844);
        await SignInAsync(phone);
        await FillAsync(phone, "Mila");
        await Screenshots.SaveAsync(phone, "formulier-op-telefoon");
        await phone.Locator("#make-audio").ClickAsync();
        await WaitForQrAsync(phone);
        await Screenshots.SaveAsync(phone, "betalen-op-telefoon");

        await phone.Locator("#paywall-link").ClickAsync();
        await phone.Locator("form[action$='/approve'] button").ClickAsync();
        try
        {
            await phone.Locator("a[href*='pay-per-use']").ClickAsync(new() { Timeout = 5_000 });
        }
        catch (TimeoutException)
        {
            // When the money has arrived by then, the way back goes by itself.
        }

        await Assertions.Expect(phone.Locator("#player")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Locator("h1")).ToContainTextAsync("Mila");
        await Assertions.Expect(phone.Locator("#credits")).ToContainTextAsync("4");
        await Accessibility.CheckAsync(phone);
        await Screenshots.SaveAsync(phone, "boodschap-op-telefoon");
        Assert.Empty(_browser!.Complaints);
    }

    [Story]
    public async Task A_payment_that_the_bank_declines_can_be_tried_again_with_the_same_form()
    {
        var page = await OpenAsync(width: 1280, height: 900);
        await SignInAsync(page);
        await FillAsync(page, "Sam");
        await page.Locator("#make-letter").ClickAsync();
        await WaitForQrAsync(page);
        var declined = await page.Locator("#paywall-link").GetAttributeAsync("href");
        var phone = await OpenAsync(width: 390, height: 844);
        await phone.GotoAsync(declined!);
        await phone.Locator("form[action$='/decline'] button").ClickAsync();

        await page.Locator("#paywall #retry").ClickAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", declined!);
        await PayAsync(phone, await page.Locator("#paywall-link").GetAttributeAsync("href"));

        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync("Sam");
        Assert.Empty(_browser!.Complaints);
    }

    [Story]
    public async Task A_family_gets_one_letter_and_shares_it_without_what_the_parents_said()
    {
        var page = await OpenAsync(width: 390, height: 844);
        await SignInAsync(page);
        await FillAsync(page, "Emma");
        await Assertions.Expect(page.Locator("#childName-2")).ToBeHiddenAsync();
        await page.Locator("#childName-1").FillAsync("Lou");
        await page.Locator("#age-1").FillAsync("14");
        await Assertions.Expect(page.Locator("#childName-2")).ToBeVisibleAsync();
        await page.Locator(".more summary").ClickAsync();
        await page.Locator("#toImprove").FillAsync("Op tijd slapen");
        await page.Locator("#parentNote").FillAsync("Kwibus de hamster is dood");
        await page.EvaluateAsync("() => document.querySelector('form[data-gift]').noValidate = true");
        await page.Locator("#make-letter").ClickAsync();
        await Assertions.Expect(page.Locator("#age-1-error")).ToContainTextAsync("1 tot 12");
        await Accessibility.CheckAsync(page);

        await page.Locator("#age-1").FillAsync("4");
        await page.Locator("#make-letter").ClickAsync();
        await WaitForQrAsync(page);
        await page.ReloadAsync();
        await WaitForQrAsync(page);
        await Assertions.Expect(page.Locator("#childName-1")).ToHaveValueAsync("Lou");
        var phone = await OpenAsync(width: 390, height: 844);
        await PayAsync(phone, await page.Locator("#paywall-link").GetAttributeAsync("href"));

        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync("Emma en Lou");
        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync("Op tijd slapen");
        await Assertions.Expect(page.Locator("#parents-only p").First).ToBeHiddenAsync();
        await page.Locator("#share").ClickAsync();
        var link = await page.Locator("#share-url").InputValueAsync();
        await Accessibility.CheckAsync(page);
        await Screenshots.SaveAsync(page, "brief-voor-twee", whole: true);

        // The first phone is still on its way back from the bank.
        var grandma = await OpenAsync(width: 390, height: 844);
        await grandma.GotoAsync(link);
        await Assertions.Expect(grandma.Locator("#letter")).ToContainTextAsync("Emma en Lou");
        await Assertions.Expect(grandma.Locator("body")).Not.ToContainTextAsync("hamster");
        await Accessibility.CheckAsync(grandma);
        Assert.DoesNotContain(_browser!.Complaints, c => !c.Contains("400", StringComparison.Ordinal));
    }

    [Story]
    public async Task The_pages_fit_from_360_to_1440_pixels_are_accessible_and_ask_nothing_of_third_parties()
    {
        var page = await OpenAsync(width: 1280, height: 900);
        var strangers = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_site!.Address.ToString(), StringComparison.Ordinal))
            {
                strangers.Add(request.Url);
            }
        };
        await FitsAsync("/");
        await FitsAsync("/signin");
        await SignInAsync(page);
        await FitsAsync("/");
        await FitsAsync("/tegoed");
        await FitsAsync("/bestaat-niet");
        Assert.Empty(strangers);

        async Task FitsAsync(string path)
        {
            foreach (var width in new[] { 360, 768, 1440 })
            {
                await page.SetViewportSizeAsync(width, 800);
                await page.GotoAsync(path);
                var needed = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
                Assert.True(needed <= width, $"{path} needs {needed} px of {width}.");
                await Accessibility.CheckAsync(page);
                await Screenshots.SaveAsync(page, $"pagina{path.Replace('/', '-')}-{width}", whole: true);
            }
        }
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

    private Task<IPage> OpenAsync(int width, int height) => _browser!.OpenAsync(_site!.Address, width, height);

    private static async Task SignInAsync(IPage page)
    {
        var email = $"ouder-{Guid.NewGuid():N}@voorbeeld.be";
        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync(email);
        await page.Locator("#send-code").ClickAsync();
        await page.Locator("#code").WaitForAsync();
        using var mailbox = new Visitor(new Uri(new Uri(page.Url), "/"), email);
        await page.Locator("#code").FillAsync(await mailbox.ReadCodeAsync(Ct));
        await page.Locator("#verify").ClickAsync();
        await page.Locator("#credits").WaitForAsync();
    }

    private static async Task FillAsync(IPage page, string child)
    {
        await page.Locator("[name=childName]").FillAsync(child);
        await page.Locator("[name=age]").FillAsync("6");
        await page.Locator("[name=goodDeeds]").FillAsync("Leerde fietsen zonder wieltjes en troostte een vriendje");
        await page.Locator("[name=wishes]").FillAsync("Een houten trein en een boek over de maan");
    }

    private static async Task PayAsync(IPage phone, string? checkoutUrl)
    {
        Assert.NotNull(checkoutUrl);
        await phone.GotoAsync(checkoutUrl);
        await phone.Locator("form[action$='/approve'] button").ClickAsync();
    }

    // The image itself, not its element: a code that did not load cannot be scanned.
    private static async Task WaitForQrAsync(IPage page)
    {
        await Assertions
            .Expect(page.Locator("#paywall-link"))
            .ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("^http"));
        await page.WaitForFunctionAsync("() => document.getElementById('paywall-qr').naturalWidth > 0");
    }
}
