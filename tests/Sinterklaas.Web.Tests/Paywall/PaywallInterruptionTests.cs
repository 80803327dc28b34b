using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayPerUse;
using PayPerUse.Payments;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Paywall;

/// <summary>What may come between a refusal and the payment: another tab, no network, sleep, the way to the bank, time itself.</summary>
public sealed class PaywallInterruptionTests : ShopStory
{
    [Story]
    public async Task A_reload_brings_back_what_was_filled_in_and_goes_on()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.Locator("[name=nice]").CheckAsync();
        await AskAsync(page, "Emma");
        var checkout = await Steps.CheckoutAsync(page);

        await page.GotoAsync("about:blank");
        await page.GotoAsync("/en");
        Assert.Equal(checkout, await Steps.CheckoutAsync(page));
        await Assertions.Expect(page.Locator("[name=child]")).ToHaveValueAsync("Emma");
        await Assertions.Expect(page.Locator("[name=nice]")).ToBeCheckedAsync();
        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Equal(1, shop.Written);
    }

    [Story]
    public async Task The_back_button_of_the_bank_page_leads_to_the_same_payment()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await AskedAsync(shop);
        var checkout = await Steps.CheckoutAsync(page);
        await page.Locator("#paywall-link").ClickAsync();
        await page.Locator("form[action$='/approve'] button").WaitForAsync();

        await page.GoBackAsync();

        Assert.Equal(checkout, await Steps.CheckoutAsync(page));
        await InBankAppAsync(shop, page, "approve");
        await ExpectLetterAsync(page);
        Assert.Equal(1, shop.Written);
    }

    [Story]
    public async Task A_payment_made_while_the_page_sleeps_goes_on_as_soon_as_it_is_looked_at_again()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        await page.RouteAsync("**/credits/events", route => route.AbortAsync());
        await page.Clock.InstallAsync(new() { TimeDate = shop.Clock.GetUtcNow().UtcDateTime });
        await page.GotoAsync("/en");
        await AskAsync(page, "Emma");
        var checkout = await Steps.CheckoutAsync(page);

        // Asleep: no timer runs, and no events arrive.
        await page.Clock.PauseAtAsync(shop.Clock.GetUtcNow().AddMinutes(2).UtcDateTime);
        await Browser.InBankAppAsync(shop.Address, checkout, "approve");
        Assert.Equal(0, shop.Written);
        await page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");

        await ExpectLetterAsync(page);
        Assert.Equal(1, shop.Written);
    }

    [Story]
    public async Task Without_a_connection_it_says_so_and_goes_on_once_there_is_one()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await AskedAsync(shop);
        var checkout = await Steps.CheckoutAsync(page);

        await page.Context.SetOfflineAsync(true);
        await ExpectStatusAsync(page, "No connection. We keep trying.");
        await Browser.InBankAppAsync(shop.Address, checkout, "approve");
        await page.Context.SetOfflineAsync(false);

        await ExpectLetterAsync(page);
    }

    [Story]
    public async Task Who_opens_it_without_a_connection_is_told_once_and_gets_it_once_there_is_one()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await ListenAsync(page);
        var tries = 0;
        page.RequestFailed += (_, request) => tries += request.Url.EndsWith("/packs", StringComparison.Ordinal) ? 1 : 0;
        await page.Context.SetOfflineAsync(true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Buy" }).ClickAsync();
        await ExpectStatusAsync(page, "No connection. We keep trying.");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Credits" })).ToBeVisibleAsync();
        while (tries < 3)
        {
            await page.WaitForTimeoutAsync(100);
        }

        Assert.Equal(["One moment…", "No connection. We keep trying."], await SaidAsync(page));
        await page.Context.SetOfflineAsync(false);

        await Steps.CheckoutAsync(page);
    }

    [Story]
    public async Task Who_closes_it_orders_nothing_any_more()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        var isClosed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(
            "**/payments/packs",
            async route =>
            {
                await isClosed.Task.WaitAsync(Ct);
                await route.ContinueAsync();
            },
            new() { Times = 1 }
        );
        var orders = 0;
        page.Request += (_, request) =>
            orders += request.Url.EndsWith("/payments/create", StringComparison.Ordinal) ? 1 : 0;
        await page.GotoAsync("/en");
        var buy = page.GetByRole(AriaRole.Button, new() { Name = "Buy" });
        await buy.ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        isClosed.SetResult();

        // Without a connection it would go on by itself, unless it is closed.
        await page.Context.SetOfflineAsync(true);
        await buy.ClickAsync();
        await ExpectStatusAsync(page, "No connection. We keep trying.");
        await page.Keyboard.PressAsync("Escape");
        await page.Context.SetOfflineAsync(false);
        await page.WaitForTimeoutAsync(4000);

        Assert.Equal(0, orders);
    }

    [Story]
    public async Task A_form_that_is_sent_without_a_connection_is_sent_once_there_is_one()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.Context.SetOfflineAsync(true);
        await AskAsync(page, "Emma");
        await ExpectStatusAsync(page, "No connection. We keep trying.");
        await page.Context.SetOfflineAsync(false);

        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Equal(1, shop.Written);
        Assert.Single(shop.Asked.Distinct());
    }

    [Story]
    public async Task A_return_while_the_server_or_the_network_fails_loses_nothing()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await AskedAsync(shop);
        var checkout = await Steps.CheckoutAsync(page);
        await page.GotoAsync("about:blank");
        await Browser.InBankAppAsync(shop.Address, checkout, "approve");
        var failed = 0;
        await page.RouteAsync(
            new Regex("/payments/[0-9a-f]{32}$"),
            route =>
                Interlocked.Increment(ref failed) == 1
                    ? route.FulfillAsync(new() { Status = 503, Headers = [new("Retry-After", "1")] })
                    : route.ContinueAsync()
        );
        var lost = 0;
        await page.RouteAsync(
            "**/en",
            route =>
                route.Request.Method == "POST" && Interlocked.Increment(ref lost) <= 2
                    ? route.AbortAsync()
                    : route.ContinueAsync()
        );

        await page.GotoAsync("/en");

        await ExpectLetterAsync(page);
        Assert.True(failed > 1 && lost > 2);
        Assert.Equal(1, shop.Written);
    }

    [Story]
    public async Task Choosing_another_pack_on_a_slow_network_looks_at_no_payment_that_is_gone()
    {
        await using var shop = await PlainShop.StartAsync(configure: b =>
            b.AddPack(new CreditPack("twenty", 20, Money.Euro(3.50m)))
        );
        var page = await AskedAsync(shop);
        await Steps.CheckoutAsync(page);
        await page.RouteAsync(
            "**/payments/create",
            async route =>
            {
                // Longer than between two looks.
                await Task.Delay(TimeSpan.FromSeconds(4), Ct);
                await route.ContinueAsync();
            }
        );

        await page.GetByRole(AriaRole.Radio, new() { Name = "20 credits" }).CheckAsync();

        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync("€3.50");
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task Refused_live_events_are_no_loss()
    {
        await using var shop = await PlainShop.StartAsync("live");
        var page = await Browser.OpenAsync(shop.Address);
        var refused = 0;
        await page.RouteAsync(
            "**/credits/events",
            route =>
            {
                Interlocked.Increment(ref refused);
                return route.FulfillAsync(new() { Status = 429, Headers = [new("Retry-After", "60")] });
            }
        );
        await page.GotoAsync("/en");
        await Assertions.Expect(page.Locator("#left")).ToHaveTextAsync("0");
        await AskAsync(page, "Emma", "redirect");

        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        await page.GotoAsync("/en");
        await Assertions.Expect(page.Locator("#left")).ToHaveTextAsync("4");
        Assert.True(refused > 1);
    }

    [Story]
    public async Task Two_tabs_share_one_payment_and_each_gets_what_it_asked_for()
    {
        await using var shop = await PlainShop.StartAsync();
        var first = await AskedAsync(shop, "Emma");
        var second = await Browser.OpenAsync(first.Context);
        await second.GotoAsync("/en");
        await AskAsync(second, "Finn");
        Assert.Equal(await Steps.CheckoutAsync(first), await Steps.CheckoutAsync(second));

        await InBankAppAsync(shop, second, "approve");

        await ExpectLetterAsync(first, "Emma");
        await ExpectLetterAsync(second, "Finn");
        Assert.Equal(2, shop.Written);
    }

    [Story]
    public async Task The_countdown_is_the_servers_and_ends_in_a_new_try()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        // A device whose clock is wrong by hours.
        await page.Clock.InstallAsync(new() { TimeDate = shop.Clock.GetUtcNow().AddHours(5).UtcDateTime });
        await page.GotoAsync("/en");
        await AskAsync(page, "Emma");
        var expired = await Steps.CheckoutAsync(page);
        await Assertions
            .Expect(page.GetByRole(AriaRole.Timer))
            .ToHaveTextAsync(new Regex(@"^(1\d|20):\d\d left to pay$"));

        shop.Clock.Advance(TimeSpan.FromMinutes(21));

        await ExpectStatusAsync(page, "The time to pay is over.");
        await Assertions.Expect(page.GetByRole(AriaRole.Timer)).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", expired);
        await InBankAppAsync(shop, page, "approve");
        await ExpectLetterAsync(page);
    }

    [Stories]
    [InlineData("decline", "Not paid. Nothing was charged.")]
    [InlineData("cancel", "Payment canceled.")]
    public async Task What_ends_in_the_bank_app_can_be_tried_again(string ending, string words)
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await AskedAsync(shop);
        var ended = await Steps.CheckoutAsync(page);
        await InBankAppAsync(shop, page, ending);
        await ExpectStatusAsync(page, words);

        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", ended);
        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task Who_presses_cancel_after_paying_gets_what_was_paid_for()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await AskedAsync(shop);
        var checkout = await Steps.CheckoutAsync(page);
        // The page hears nothing of the payment before the button is pressed.
        await page.RouteAsync("**/payments/*", route => route.AbortAsync());
        await page.RouteAsync("**/credits/events", route => route.AbortAsync());
        await Browser.InBankAppAsync(shop.Address, checkout, "approve");
        await page.UnrouteAllAsync();

        await page.EvaluateAsync(
            "() => document.querySelector('#paywall').shadowRoot.querySelector('#cancel').click()"
        );

        await ExpectLetterAsync(page);
        Assert.Equal(1, shop.Written);
    }
}
