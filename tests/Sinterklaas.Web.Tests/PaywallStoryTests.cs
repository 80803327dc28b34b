using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>Whatever happens between a refusal and the payment: what was asked for is made, once, without typing it again.</summary>
public sealed class PaywallStoryTests : IAsyncLifetime
{
    private Browser? _browser;
    private SiteHost? _site;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _browser = await Browser.StartAsync();
        _site = new SiteHost().Started();
    }

    [Stories]
    [InlineData("decline")]
    [InlineData("cancel")]
    public async Task A_payment_that_ends_in_the_bank_app_can_be_tried_again(string ending)
    {
        var page = await RefusedAsync("Sam");
        var first = await CheckoutOfAsync(page);
        await InBankAppAsync(first, ending);

        await page.Locator("#retry").ClickAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", first);
        await InBankAppAsync(await CheckoutOfAsync(page), "approve");

        await ExpectLetterAsync(page, "Sam", left: 4);
        Assert.Empty(_browser!.Complaints);
    }

    [Story]
    public async Task An_expired_payment_can_be_tried_again()
    {
        var page = await RefusedAsync("Noor");
        var first = await CheckoutOfAsync(page);

        _site!.Clock.Advance(TimeSpan.FromMinutes(21));
        await page.Locator("#retry").ClickAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", first);
        await InBankAppAsync(await CheckoutOfAsync(page), "approve");

        await ExpectLetterAsync(page, "Noor", left: 4);
    }

    [Story]
    public async Task A_reload_in_the_middle_shows_the_same_payment_and_goes_on()
    {
        var page = await RefusedAsync("Lou");
        var first = await CheckoutOfAsync(page);

        await page.ReloadAsync();
        Assert.Equal(first, await CheckoutOfAsync(page));
        await Assertions.Expect(page.Locator("[name=childName]")).ToHaveValueAsync("Lou");
        await InBankAppAsync(first, "approve");

        await ExpectLetterAsync(page, "Lou", left: 4);
        Assert.Empty(_browser!.Complaints);
    }

    [Story]
    public async Task A_payment_made_while_the_page_is_offline_goes_on_once_it_is_back()
    {
        var page = await RefusedAsync("Mila");
        var checkout = await CheckoutOfAsync(page);

        await page.Context.SetOfflineAsync(true);
        await Assertions.Expect(page.Locator("#paywall #status")).ToContainTextAsync("Geen verbinding");
        await InBankAppAsync(checkout, "approve");
        await page.Context.SetOfflineAsync(false);

        await ExpectLetterAsync(page, "Mila", left: 4);
    }

    [Story]
    public async Task Two_tabs_share_one_payment_and_each_gets_what_it_asked_for()
    {
        var first = await RefusedAsync("Emma");
        var second = await _browser!.OpenAsync(first.Context);
        await second.GotoAsync("/");
        await AskAsync(second, "Finn");
        Assert.Equal(await CheckoutOfAsync(first), await CheckoutOfAsync(second));

        await InBankAppAsync(await CheckoutOfAsync(second), "approve");

        await Assertions.Expect(first.Locator("#letter")).ToContainTextAsync("Emma");
        await Assertions.Expect(second.Locator("#letter")).ToContainTextAsync("Finn");
        await Assertions.Expect(second.Locator("#credits")).ToContainTextAsync("3");
        Assert.Empty(_browser.Complaints);
    }

    [Story]
    public async Task A_double_press_is_one_letter()
    {
        var page = await RefusedAsync("Noor", button => button.DblClickAsync());
        await InBankAppAsync(await CheckoutOfAsync(page), "approve");

        await ExpectLetterAsync(page, "Noor", left: 4);
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator(".gifts li")).ToHaveCountAsync(1);
    }

    [Story]
    public async Task Closing_it_leaves_the_form_as_it_was_and_the_keyboard_where_it_was()
    {
        var page = await RefusedAsync("Sam", button => button.PressAsync("Enter"));
        await CheckoutOfAsync(page);
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

        // Reloading does not bring it back.
        await page.ReloadAsync();
        await page.Locator("#make-letter").WaitForAsync();
        await Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync();
        Assert.Empty(_browser!.Complaints);
    }

    [Story]
    public async Task I_have_paid_looks_at_once_and_says_what_it_found()
    {
        var page = await RefusedAsync("Lou");
        await CheckoutOfAsync(page);
        var looked = page.WaitForResponseAsync(r => Regex.IsMatch(r.Url, "/payments/[0-9a-f]{32}$"));

        await page.Locator("#paywall #check").ClickAsync();

        Assert.True((await looked).Ok);
        await Assertions.Expect(page.Locator("#paywall #status")).ToContainTextAsync("Wachten op je betaling");
        Assert.Empty(_browser!.Complaints);
    }

    [Story]
    public async Task Another_person_on_the_same_device_does_not_go_on_with_it()
    {
        var page = await RefusedAsync("Emma");
        await CheckoutOfAsync(page);
        await page.Context.ClearCookiesAsync();
        await page.WaitForURLAsync("**/signin?returnUrl=*");

        await SignInAsync(page);

        await page.Locator("#make-letter").WaitForAsync();
        await Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync();
        // It asks for the payment first, and forgets once it hears that there is none.
        await page.WaitForFunctionAsync("() => !localStorage['pay-per-use']");
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

    private async Task<IPage> RefusedAsync(string child, Func<ILocator, Task>? press = null)
    {
        var page = await _browser!.OpenAsync(_site!.Address);
        await SignInAsync(page);
        await AskAsync(page, child, press);
        return page;
    }

    private static async Task AskAsync(IPage page, string child, Func<ILocator, Task>? press = null)
    {
        await page.Locator("[name=childName]").FillAsync(child);
        await page.Locator("[name=age]").FillAsync("6");
        await page.Locator("[name=goodDeeds]").FillAsync("Leerde fietsen en troostte een vriendje");
        await page.Locator("[name=wishes]").FillAsync("Een houten trein");
        await (press ?? (button => button.ClickAsync()))(page.Locator("#make-letter"));
        await Assertions.Expect(page.Locator("#paywall")).ToBeVisibleAsync();
    }

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

    // Plain selectors, as other people's scripts use: the code and the link are in the page, not in a shadow.
    private static async Task<string> CheckoutOfAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => document.querySelector('#paywall-qr')?.naturalWidth > 0");
        var link = await page.EvaluateAsync<string>("() => document.querySelector('#paywall-link').href");
        Assert.StartsWith("http", link, StringComparison.Ordinal);
        return link;
    }

    private Task InBankAppAsync(string checkout, string button) =>
        _browser!.InBankAppAsync(_site!.Address, checkout, button);

    private static async Task ExpectLetterAsync(IPage page, string child, int left)
    {
        await Assertions.Expect(page.Locator("#letter")).ToContainTextAsync(child);
        await Assertions.Expect(page.Locator("#credits")).ToContainTextAsync($"{left} credits");
    }
}
