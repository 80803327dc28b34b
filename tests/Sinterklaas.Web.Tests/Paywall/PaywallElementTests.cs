using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayPerUse;
using PayPerUse.Payments;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Paywall;

/// <summary>The dialog on a plain page that is not the site's: languages, themes, sizes, roles, and what is chosen in it.</summary>
public sealed class PaywallElementTests : ShopStory
{
    [Stories]
    [InlineData("en", "Order and pay: 5 credits for €1.00")]
    [InlineData("nl", "Bestellen en betalen: 5 credits voor € 1,00")]
    [InlineData("fr", "Commander et payer : 5 crédits pour 1,00 €")]
    [InlineData("de", "Bestellen und bezahlen: 5 Credits für 1,00 €")]
    public async Task It_speaks_the_language_of_the_page_and_axe_finds_nothing(string language, string payWords)
    {
        await using var shop = await PlainShop.StartAsync(configure: TwoPacks);
        var page = await Browser.OpenAsync(shop.Address);
        var strangers = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(shop.Address.ToString(), StringComparison.Ordinal))
            {
                strangers.Add(request.Url);
            }
        };
        await page.GotoAsync("/" + language);
        await AskAsync(page, "Emma");
        await Steps.CheckoutAsync(page);
        await Assertions.Expect(page.Locator("#paywall-link")).ToHaveTextAsync(payWords);
        Assert.Equal(language, await page.Locator("#paywall #dialog").GetAttributeAsync("lang"));
        await LooksWellAsync(page, 360, ColorScheme.Light, $"element-{language}");
        await LooksWellAsync(page, 1280, ColorScheme.Dark, $"element-{language}");

        await InBankAppAsync(shop, page, "decline");

        await Assertions.Expect(page.Locator("#paywall #retry")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#paywall-qr")).ToBeHiddenAsync();
        await LooksWellAsync(page, 1280, ColorScheme.Light, $"element-declined-{language}");
        await LooksWellAsync(page, 360, ColorScheme.Dark, $"element-declined-{language}");
        Assert.Empty(strangers);
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task The_keyboard_alone_is_enough_and_every_part_says_what_it_is()
    {
        await using var shop = await PlainShop.StartAsync(configure: TwoPacks);
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.Locator("[name=child]").FocusAsync();
        await page.Keyboard.TypeAsync("Emma");
        await page.Keyboard.PressAsync("Enter");
        var declined = await Steps.CheckoutAsync(page);

        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "5 credits for €1.00", Exact = true });
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Heading)).ToBeFocusedAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Group, new() { Name = "Credits" })).ToBeVisibleAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Timer)).ToContainTextAsync("left to pay");
        await Assertions.Expect(page.GetByRole(AriaRole.Img, new() { Name = "QR" })).ToBeVisibleAsync();
        await ExpectStatusAsync(page, "Waiting for your payment…");

        // From the heading on, in the order in which it is read: pack, link, check, cancel.
        foreach (var next in new[] { "5 credits", "Order and pay", "I have paid", "Cancel payment" })
        {
            await page.Keyboard.PressAsync("Tab");
            var name = await page.EvaluateAsync<string>(
                """
                () => {
                  let at = document.activeElement;
                  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                  return (at.labels?.[0] ?? at).textContent;
                }
                """
            );
            Assert.StartsWith(next, name, StringComparison.Ordinal);
        }

        await page.Keyboard.PressAsync("Enter");
        await ExpectStatusAsync(page, "Payment canceled.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).PressAsync("Enter");
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", declined);
        await Steps.CheckoutAsync(page);

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("[name=child]")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("[name=child]")).ToHaveValueAsync("Emma");
        Assert.Equal(0, shop.Written);
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task On_a_phone_the_link_comes_before_the_code_and_on_a_screen_they_stand_beside_each_other()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await AskedAsync(shop);
        await Steps.CheckoutAsync(page);
        var link = (await page.Locator("#paywall-link").BoundingBoxAsync())!;
        var code = (await page.Locator("#paywall-qr").BoundingBoxAsync())!;
        Assert.True(link.X + link.Width <= code.X && code.Y < link.Y, "The link is not beside the code.");

        await page.SetViewportSizeAsync(390, 844);

        link = (await page.Locator("#paywall-link").BoundingBoxAsync())!;
        code = (await page.Locator("#paywall-qr").BoundingBoxAsync())!;
        Assert.True(link.Y + link.Height <= code.Y, "The link is not above the code.");
        Assert.True(link.Y + link.Height <= 844, "The link is not on the first screen.");
    }

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
        var box = page.GetByRole(AriaRole.Checkbox, new() { Name = "I agree to the terms." });
        await box.CheckAsync();
        await ExpectStatusAsync(page, "That did not work.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Assertions.Expect(box).Not.ToBeCheckedAsync();
        await box.CheckAsync();
        await InBankAppAsync(shop, page, "approve");
        await ExpectLetterAsync(page);
    }

    private static void TwoPacks(IPayPerUseBuilder builder) =>
        builder.AddPack(new CreditPack("twenty", 20, Money.Euro(3.50m)));

    private static void MustConsent(IPayPerUseBuilder builder) =>
        builder.Services.Configure<PayPerUseOptions>(o => o.RequiredConsent = "2026-11");

    private static async Task LooksWellAsync(IPage page, int width, ColorScheme scheme, string name)
    {
        await page.SetViewportSizeAsync(width, 740);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= width);
        await Accessibility.CheckAsync(page);
        await Screenshots.SaveAsync(page, $"{name}-{width}-{scheme}");
    }
}
