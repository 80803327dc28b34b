using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using PayPerUse;
using PayPerUse.Payments;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Paywall;

/// <summary>What is chosen in the dialog before paying: pack, provider, and the terms.</summary>
public sealed class PaywallChoiceTests : ShopStory
{
    [Story]
    public async Task Another_pack_can_be_chosen_by_keyboard()
    {
        await using var shop = await PlainShop.StartAsync(configure: TwoPacks);
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.GetByRole(AriaRole.Button, new() { Name = "Buy" }).ClickAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync("€1.00");

        await page.GetByRole(AriaRole.Radio, new() { Name = "5 credits" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");

        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync("€3.50");
        await Assertions.Expect(page.Locator("#paywall #title")).ToContainTextAsync("20 credits");
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task Another_provider_can_be_chosen_and_is_paid_with()
    {
        await using var shop = await PlainShop.StartAsync(configure: b => b.AddPaymentProvider<SecondBank>());
        var page = await AskedAsync(shop);
        var first = await Steps.CheckoutAsync(page);
        var made = page.WaitForResponseAsync("**/payments/create");

        var providers = page.GetByRole(AriaRole.Group, new() { Name = "Pay with" });
        await providers.GetByRole(AriaRole.Radio, new() { Name = "Second Bank" }).CheckAsync();

        var payment = (await (await made).JsonAsync())!.Value;
        Assert.Equal("second", payment.GetProperty("provider").GetString());
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", first);
        await InBankAppAsync(shop, page, "approve");
        await ExpectLetterAsync(page);
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task The_pack_that_was_chosen_last_is_paid_for_though_the_first_order_is_answered_later()
    {
        await using var shop = await PlainShop.StartAsync(configure: TwoPacks);
        var page = await Browser.OpenAsync(shop.Address);
        var isSecondAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirstAnswered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var orders = 0;
        await page.RouteAsync(
            "**/payments/create",
            async route =>
            {
                var isFirst = Interlocked.Increment(ref orders) == 1;
                var answer = await route.FetchAsync();
                if (isFirst)
                {
                    await isSecondAnswered.Task.WaitAsync(Ct);
                }

                await route.FulfillAsync(new() { Response = answer });
                (isFirst ? isFirstAnswered : isSecondAnswered).TrySetResult();
            }
        );
        await page.GotoAsync("/en");
        await page.GetByRole(AriaRole.Button, new() { Name = "Buy" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "20 credits" }).CheckAsync();
        await isFirstAnswered.Task.WaitAsync(Ct);

        await Steps.CheckoutAsync(page);
        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync("€3.50");
    }

    [Story]
    public async Task Nothing_is_ordered_before_the_terms_are_agreed_to()
    {
        await using var shop = await PlainShop.StartAsync(
            terms: "<span slot=\"terms\">I agree to the terms of this shop.</span>",
            configure: MustConsent
        );
        var page = await Browser.OpenAsync(shop.Address);
        var orders = new List<string?>();
        page.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/payments/create", StringComparison.Ordinal))
            {
                orders.Add(request.PostData);
            }
        };
        await page.GotoAsync("/en");
        await AskAsync(page, "Emma");
        var box = page.GetByRole(AriaRole.Checkbox, new() { Name = "I agree to the terms of this shop." });
        await box.WaitForAsync();
        Assert.Empty(orders);

        await box.CheckAsync();
        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Contains("\"consent\":\"2026-11\"", Assert.Single(orders), StringComparison.Ordinal);
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task Terms_that_changed_meanwhile_are_asked_again()
    {
        await using var shop = await PlainShop.StartAsync(configure: MustConsent);
        var page = await Browser.OpenAsync(shop.Address);
        await page.RouteAsync(
            "**/payments/packs",
            async route =>
            {
                var answer = await route.FetchAsync();
                var old = (await answer.TextAsync()).Replace("2026-11", "2025-01", StringComparison.Ordinal);
                await route.FulfillAsync(new() { Response = answer, Body = old });
            },
            new() { Times = 1 }
        );
        await page.GotoAsync("/en");
        await AskAsync(page, "Emma");
        var box = page.Locator("#paywall #agreed");
        await box.CheckAsync();
        await ExpectStatusAsync(page, "That did not work.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Assertions.Expect(box).Not.ToBeCheckedAsync();
        await box.CheckAsync();
        await InBankAppAsync(shop, page, "approve");
        await ExpectLetterAsync(page);
    }

    [Story]
    public async Task What_was_chosen_stays_chosen_when_it_is_tried_again()
    {
        await using var shop = await PlainShop.StartAsync(configure: TwoPacks);
        var page = await AskedAsync(shop);
        await page.GetByRole(AriaRole.Radio, new() { Name = "20 credits" }).CheckAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync("€3.50");
        await InBankAppAsync(shop, page, "decline");

        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync("20 credits for €3.50");
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "20 credits" })).ToBeCheckedAsync();
    }

    [Story]
    public async Task The_price_is_that_of_the_chosen_pack_before_the_terms_are_agreed_to()
    {
        await using var shop = await PlainShop.StartAsync(configure: b =>
        {
            TwoPacks(b);
            MustConsent(b);
        });
        var page = await AskedAsync(shop);

        await page.GetByRole(AriaRole.Radio, new() { Name = "20 credits" }).CheckAsync();

        await Assertions.Expect(page.Locator("#paywall #title")).ToHaveTextAsync("20 credits for €3.50");
        await Assertions.Expect(page.Locator("#paywall-link")).ToBeHiddenAsync();
    }

    [Story]
    public async Task Where_the_page_says_nothing_of_the_terms_the_sentence_that_is_saved_is_shown()
    {
        await using var shop = await PlainShop.StartAsync(configure: MustConsent);
        // The page is in another language than the browser asks for.
        var page = await Browser.OpenAsync(shop.Address, locale: "nl-BE");
        await page.GotoAsync("/fr");
        await AskAsync(page, "Emma");
        var sentence = shop.Services.GetRequiredService<IOptions<PayPerUseOptions>>().Value.ConsentTextOf("fr");
        var made = page.WaitForResponseAsync("**/payments/create");

        await page.GetByRole(AriaRole.Checkbox, new() { Name = sentence }).CheckAsync();

        var id = (await (await made).JsonAsync())!.Value.GetProperty("id").GetString()!;
        var payment = await shop.Services.GetRequiredService<IPaymentStore>().FindAsync(id, Ct);
        Assert.Equal((sentence, "fr"), (payment!.ConsentText, payment.Language));
    }

    private static void MustConsent(IPayPerUseBuilder builder) =>
        builder.Services.Configure<PayPerUseOptions>(o => o.RequiredConsent = "2026-11");
}
