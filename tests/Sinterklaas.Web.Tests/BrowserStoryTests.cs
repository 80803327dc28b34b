using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>The main job as a visitor lives it, in Chromium, with a phone beside the screen.</summary>
public sealed class BrowserStoryTests(SharedSite site) : SiteStory(site), IClassFixture<SharedSite>
{
    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task A_visitor_is_refused_pays_makes_five_and_is_refused_again(Device device)
    {
        var page = await SignedInAsync(device);
        await ExpectCreditsAsync(page, left: 0);
        await Steps.AskAsync(page, "Emma");
        await AtTheBankAsync(page, "approve");

        // Back to what was being made, by itself.
        await ExpectLetterAsync(page, "Emma", left: 4);
        await Accessibility.CheckAsync(page);
        await Screenshots.SaveAsync(page, $"brief-{device}");
        var letter = page.Url;

        for (var left = 3; left >= 0; left--)
        {
            var isLetter = left % 2 == 0;
            await Steps.MakeAsync(page, isLetter ? "#make-letter" : "#make-audio", isLetter ? "#letter" : "#player");
            await ExpectCreditsAsync(page, left);
        }

        await page.GotoAsync("/");
        await Steps.AskAsync(page, "Lou");
        await Steps.CheckoutAsync(page);

        await page.GotoAsync(letter);
        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync("Emma");
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task A_family_gets_one_letter_and_shares_it_without_what_the_parents_said()
    {
        var page = await SignedInAsync(Device.Phone);
        await Steps.FillAsync(page, "Emma");
        await Assertions.Expect(page.Locator("#childName-2")).ToBeHiddenAsync();
        await page.Locator("#childName-1").FillAsync("Lou");
        await page.Locator("#age-1").FillAsync("4");
        await Assertions.Expect(page.Locator("#childName-2")).ToBeVisibleAsync();
        await page.Locator(".more summary").ClickAsync();
        await page.Locator("#toImprove").FillAsync("Op tijd slapen");
        await page.Locator("#parentNote").FillAsync("Kwibus de hamster is dood");
        await Screenshots.SaveAsync(page, "formulier-voor-twee", whole: true);
        await page.Locator("#make-letter").ClickAsync();
        await Steps.CheckoutAsync(page);
        await page.ReloadAsync();
        await Steps.CheckoutAsync(page);
        await Assertions.Expect(page.Locator("#childName-1")).ToHaveValueAsync("Lou");
        await AtTheBankAsync(page, "approve");

        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync("Emma en Lou");
        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync("Op tijd slapen");
        await Assertions.Expect(page.Locator("#parents-only p").First).ToBeHiddenAsync();
        await page.Locator("#share").ClickAsync();
        var link = await page.Locator("#share-url").InputValueAsync();
        await Accessibility.CheckAsync(page);
        await Screenshots.SaveAsync(page, "brief-voor-twee", whole: true);

        // Grandmother reads it in her own language, around the letter.
        var grandmother = await OpenAsync(Device.Phone);
        await grandmother.GotoAsync(link);
        await grandmother.Locator(".languages [hreflang=fr]").ClickAsync();
        await Assertions.Expect(grandmother.Locator("html")).ToHaveAttributeAsync("lang", "fr");
        await Assertions.Expect(grandmother.Locator("#letter")).ToContainTextAsync("Emma en Lou");
        await Assertions.Expect(grandmother.Locator("body")).Not.ToContainTextAsync("hamster");
        await Accessibility.CheckAsync(grandmother);
        Assert.Empty(Browser.Complaints);
    }
}
