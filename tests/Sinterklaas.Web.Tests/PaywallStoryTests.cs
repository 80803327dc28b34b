using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>
/// Whatever happens between a refusal and the payment, on a screen or on a phone: what was asked for is made, once, without typing it
/// again.
/// </summary>
public sealed class PaywallStoryTests(SharedSite site) : SiteStory(site), IClassFixture<SharedSite>
{
    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task After_the_payment_the_letter_appears_by_itself(Device device)
    {
        var page = await RefusedAsync(device, "Emma");
        await Assertions.Expect(page.Locator("#paywall")).ToContainTextAsync("€ 1,00");
        await Steps.CheckoutAsync(page);
        await Accessibility.CheckAsync(page);
        await Screenshots.SaveAsync(page, $"betalen-{device}");

        await AtTheBankAsync(page, "approve");

        await ExpectLetterAsync(page, "Emma", left: 4);
        Assert.Empty(Browser.Complaints);
    }

    [Stories]
    [InlineData(Device.Screen, "decline")]
    [InlineData(Device.Screen, "cancel")]
    [InlineData(Device.Phone, "decline")]
    [InlineData(Device.Phone, "cancel")]
    public async Task A_payment_that_ends_at_the_bank_can_be_tried_again(Device device, string ending)
    {
        var page = await RefusedAsync(device, "Sam");
        var first = await Steps.CheckoutAsync(page);
        await AtTheBankAsync(page, ending);

        await TryAgainAsync(page, first);
        await AtTheBankAsync(page, "approve");

        await ExpectLetterAsync(page, "Sam", left: 4);
        Assert.Empty(Browser.Complaints);
    }

    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task An_expired_payment_can_be_tried_again(Device device)
    {
        var page = await RefusedAsync(device, "Noor");
        var first = await Steps.CheckoutAsync(page);

        Site.Clock.Advance(TimeSpan.FromMinutes(21));
        await TryAgainAsync(page, first);
        await AtTheBankAsync(page, "approve");

        await ExpectLetterAsync(page, "Noor", left: 4);
    }

    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task A_reload_in_the_middle_shows_the_same_payment_and_goes_on(Device device)
    {
        var page = await RefusedAsync(device, "Lou");
        var first = await Steps.CheckoutAsync(page);

        await page.ReloadAsync();
        Assert.Equal(first, await Steps.CheckoutAsync(page));
        await Assertions.Expect(page.Locator("[name=childName]")).ToHaveValueAsync("Lou");
        await AtTheBankAsync(page, "approve");

        await ExpectLetterAsync(page, "Lou", left: 4);
        Assert.Empty(Browser.Complaints);
    }

    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task The_back_button_of_the_bank_leads_to_the_same_payment(Device device)
    {
        var page = await RefusedAsync(device, "Mila");
        var first = await Steps.CheckoutAsync(page);
        await page.Locator("#paywall-link").ClickAsync();
        await page.Locator("form[action$='/approve'] button").WaitForAsync();

        await page.GoBackAsync();
        Assert.Equal(first, await Steps.CheckoutAsync(page));
        await AtTheBankAsync(page, "approve");

        await ExpectLetterAsync(page, "Mila", left: 4);
    }

    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task A_payment_made_while_the_page_is_offline_goes_on_once_it_is_back(Device device)
    {
        var page = await RefusedAsync(device, "Mila");
        var checkout = await Steps.CheckoutAsync(page);

        await page.Context.SetOfflineAsync(true);
        await Assertions.Expect(page.Locator("#paywall #status")).ToContainTextAsync("Geen verbinding");
        await Browser.InBankAppAsync(Site.Address, checkout, "approve");
        await page.Context.SetOfflineAsync(false);

        await ExpectLetterAsync(page, "Mila", left: 4);
    }

    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task Two_tabs_share_one_payment_and_each_gets_what_it_asked_for(Device device)
    {
        var first = await RefusedAsync(device, "Emma");
        var second = await Browser.OpenAsync(first.Context);
        await second.GotoAsync("/");
        await Steps.AskAsync(second, "Finn");
        var checkout = await Steps.CheckoutAsync(second);
        Assert.Equal(checkout, await Steps.CheckoutAsync(first));

        await Browser.InBankAppAsync(Site.Address, checkout, "approve");

        await Assertions.Expect(first.Locator("#letter")).ToContainTextAsync("Emma");
        await ExpectLetterAsync(second, "Finn", left: 3);
        Assert.Empty(Browser.Complaints);
    }

    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task A_double_press_is_one_letter(Device device)
    {
        var page = await RefusedAsync(device, "Noor", button => button.DblClickAsync());
        await AtTheBankAsync(page, "approve");

        await ExpectLetterAsync(page, "Noor", left: 4);
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator(".gifts li")).ToHaveCountAsync(1);
    }

    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task A_guest_pays_and_later_takes_letter_and_credits_to_an_account(Device device)
    {
        var page = await OpenAsync(device);
        await page.GotoAsync("/");
        await page.Locator("#continue-as-guest").ClickAsync();
        await Steps.AskAsync(page, "Emma");
        await AtTheBankAsync(page, "approve");
        await ExpectLetterAsync(page, "Emma", left: 4);

        await page.GetByRole(AriaRole.Link, new() { Name = "Aanmelden" }).ClickAsync();
        await Steps.SignInAsync(page);
        await ExpectCreditsAsync(page, left: 0);
        await Accessibility.CheckAsync(page);
        await page.Locator("#claim").ClickAsync();

        await ExpectCreditsAsync(page, left: 4);
        await page.GotoAsync("/");
        await page.Locator(".gifts a").ClickAsync();
        await ExpectLetterAsync(page, "Emma", left: 4);
        Assert.Empty(Browser.Complaints);
    }

    [Stories]
    [InlineData(Device.Screen)]
    [InlineData(Device.Phone)]
    public async Task A_session_that_ends_meanwhile_leads_to_sign_in_and_back_to_the_same_payment(Device device)
    {
        var page = await OpenAsync(device);
        var email = await Steps.SignInAsync(page);
        await Steps.AskAsync(page, "Lou");
        var first = await Steps.CheckoutAsync(page);

        await page.Context.ClearCookiesAsync();
        await page.WaitForURLAsync("**/signin?returnUrl=*");
        await Steps.SignInAsync(page, email);

        Assert.Equal(first, await Steps.CheckoutAsync(page));
        await Assertions.Expect(page.Locator("[name=childName]")).ToHaveValueAsync("Lou");
        await AtTheBankAsync(page, "approve");
        await ExpectLetterAsync(page, "Lou", left: 4);
    }

    [Story]
    public async Task Another_person_on_the_same_device_does_not_go_on_with_it()
    {
        var page = await RefusedAsync(Device.Screen, "Emma");
        await Steps.CheckoutAsync(page);
        await page.Context.ClearCookiesAsync();
        await page.WaitForURLAsync("**/signin?returnUrl=*");

        await Steps.SignInAsync(page);

        await page.Locator("#make-letter").WaitForAsync();
        await Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync();
        // It asks for the payment first, and forgets once it hears that there is none.
        await page.WaitForFunctionAsync("() => !localStorage['pay-per-use']");
    }

    [Story]
    public async Task Closing_it_leaves_the_form_as_it_was_and_the_keyboard_where_it_was()
    {
        var page = await RefusedAsync(Device.Screen, "Sam", button => button.PressAsync("Enter"));
        await Steps.CheckoutAsync(page);
        await Assertions.Expect(page.Locator("#paywall #title")).ToBeFocusedAsync();

        // Nothing behind the dialog can be reached.
        for (var tab = 0; tab < 6; tab++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.False(await page.EvaluateAsync<bool>("() => !!document.activeElement.closest('main, header')"));
        }

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("[name=childName]")).ToHaveValueAsync("Sam");
        await Assertions.Expect(page.Locator("#make-letter")).ToBeEnabledAsync();
        await Assertions.Expect(page.Locator("#make-letter")).ToBeFocusedAsync();

        // Reloading does not bring it back.
        await page.ReloadAsync();
        await page.Locator("#make-letter").WaitForAsync();
        await Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync();
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task I_have_paid_looks_at_once_and_says_what_it_found()
    {
        var page = await RefusedAsync(Device.Screen, "Lou");
        await Steps.CheckoutAsync(page);
        var looked = page.WaitForResponseAsync(r => Regex.IsMatch(r.Url, "/payments/[0-9a-f]{32}$"));

        await page.Locator("#paywall #check").ClickAsync();

        Assert.True((await looked).Ok);
        await Assertions.Expect(page.Locator("#paywall #status")).ToContainTextAsync("Wachten op je betaling");
        Assert.Empty(Browser.Complaints);
    }

    private static async Task TryAgainAsync(IPage page, string ended)
    {
        await page.Locator("#paywall #retry").ClickAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", ended);
    }
}
