using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>A receipt is read on a phone, and printed on one page.</summary>
public sealed class ReceiptPrintTests(ConsentSite site) : SiteStory(site), IClassFixture<ConsentSite>
{
    [Stories]
    [InlineData("nl")]
    [InlineData("fr")]
    [InlineData("de")]
    [InlineData("en")]
    public async Task It_fits_a_narrow_phone_and_one_page_of_A4(string language)
    {
        var page = await SignedInAsync(Device.Phone);
        var id = await Steps.BuyAsync(page);
        await page.Context.AddCookiesAsync([Steps.Speaking(language, Site.Address)]);
        await page.GotoAsync($"/payments/{id}/receipt");

        foreach (var width in new[] { 320, 360 })
        {
            await page.SetViewportSizeAsync(width, 740);
            var needed = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            Assert.True(needed <= width, $"The receipt needs {needed} px of {width}.");
        }

        await page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });
        await Assertions.Expect(page.Locator("nav")).ToBeHiddenAsync();
        Assert.Equal(
            "rgb(255, 255, 255)",
            await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor")
        );
        var pdf = await page.PdfAsync(new() { PreferCSSPageSize = true, PrintBackground = true });
        Assert.Equal(1, Pdf.PagesIn(pdf));
    }

    [Story]
    public async Task A_credit_note_is_a_page_of_its_own()
    {
        var page = await SignedInAsync(Device.Screen);
        var id = await Steps.BuyAsync(page);
        await page.GotoAsync("/herroepen");
        await page.Locator("#confirm-withdrawal").ClickAsync();
        await page.Locator("[data-withdrawal=Accepted]").WaitForAsync();

        await page.GotoAsync($"/payments/{id}/receipt");

        await Assertions.Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(2);
        await Accessibility.CheckAsync(page);
        var pdf = await page.PdfAsync(new() { PreferCSSPageSize = true });
        Assert.Equal(2, Pdf.PagesIn(pdf));
    }
}
