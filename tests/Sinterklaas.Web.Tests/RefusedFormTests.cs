using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>A form that is refused says so where eyes, focus and screen readers are, and leads to what is wrong.</summary>
public sealed class RefusedFormTests(SharedSite site) : IClassFixture<SharedSite>
{
    [Stories]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gift_that_cannot_be_made_is_answered_with_a_summary_that_has_the_focus(bool hasScripts)
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(site.Address, width: 390, height: 844);
        await Steps.SignInAsync(page);
        await Steps.FillAsync(page, "Emma");
        await page.Locator("#childName-1").FillAsync("Lou");
        await page.Locator("#age-1").FillAsync("14");
        await page.Locator("#wishes").FillAsync("  ");

        // A browser checks nothing of this for a script, or for a form that is sent around it.
        await page.EvaluateAsync("() => document.querySelector('form[data-gift]').noValidate = true");
        await (
            hasScripts
                ? page.Locator("#make-letter").ClickAsync()
                : page.EvaluateAsync("() => document.querySelector('form[data-gift]').submit()")
        );

        var summary = page.GetByRole(AriaRole.Group, new() { Name = "Kijk dit nog even na:" });
        await Assertions.Expect(summary).ToBeFocusedAsync();
        await Assertions.Expect(summary.GetByRole(AriaRole.Link)).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#age-1")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.Locator("#childName")).ToHaveValueAsync("Emma");
        await Accessibility.CheckAsync(page);

        await summary.GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(page.Locator("#age-1")).ToBeFocusedAsync();
        await summary.GetByRole(AriaRole.Link).Last.ClickAsync();
        await Assertions.Expect(page.Locator("#wishes")).ToBeFocusedAsync();
    }

    [Story]
    public async Task A_sign_in_that_is_refused_has_the_focus_on_the_field_that_says_why()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(site.Address);
        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync("nobody");
        await page.EvaluateAsync("() => document.querySelector('form[action=\"/signin\"]').submit()");
        await ExpectRefusedAsync("#email", "Vul een e-mailadres in, zoals naam@voorbeeld.be.");

        await Steps.AskCodeAsync(page);
        await page.Locator("#code").FillAsync("000000");
        await page.Locator("#verify").ClickAsync();
        await ExpectRefusedAsync("#code", "Die code klopt niet");

        async Task ExpectRefusedAsync(string field, string why)
        {
            await Assertions.Expect(page.Locator($"{field}-error")).ToContainTextAsync(why);
            await Assertions.Expect(page.Locator(field)).ToBeFocusedAsync();
            await Assertions
                .Expect(page.Locator(field))
                .ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex(why));
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await Accessibility.CheckAsync(page);
        }
    }
}
