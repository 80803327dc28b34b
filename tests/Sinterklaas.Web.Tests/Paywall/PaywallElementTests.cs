using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayPerUse;
using PayPerUse.Payments;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Paywall;

/// <summary>The dialog on a plain page that is not the site's: languages, themes, sizes, roles, and where it stands in the page.</summary>
public sealed class PaywallElementTests : ShopStory
{
    [Stories]
    [InlineData("en", "Order and pay: 5 credits for €1.00")]
    [InlineData("nl", "Bestellen en betalen: 5 credits voor € 1,00")]
    [InlineData("fr", "Commander et payer : 5 crédits pour 1,00 €")]
    [InlineData("de", "Zahlungspflichtig bestellen: 5 Credits für 1,00 €")]
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
        var heading = page.GetByRole(AriaRole.Heading, new() { Level = 2 });
        await Assertions.Expect(heading).ToBeFocusedAsync();
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
        // What was pressed is gone: the keyboard begins at the heading again.
        await Assertions.Expect(heading).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).PressAsync("Enter");
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", declined);
        await Steps.CheckoutAsync(page);
        await Assertions.Expect(heading).ToBeFocusedAsync();

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
    public async Task A_language_that_it_does_not_speak_gets_English_and_one_credit_is_one()
    {
        await using var shop = await PlainShop.StartAsync(configure: b =>
            b.Services.Configure<PayPerUseOptions>(o =>
            {
                o.Packs.Clear();
                o.Packs.Add(new CreditPack("one", 1, Money.Euro(0.20m)));
            })
        );
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/es");
        await AskAsync(page, "Emma");

        await Assertions.Expect(page.Locator("#paywall-link")).ToHaveTextAsync("Order and pay: 1 credit for €0.20");
        Assert.Equal("en", await page.Locator("#paywall #dialog").GetAttributeAsync("lang"));
    }

    [Story]
    public async Task The_countdown_is_not_read_out_and_the_state_only_when_it_changes()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await ListenAsync(page);
        await AskAsync(page, "Emma");
        await Steps.CheckoutAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Timer)).ToHaveTextAsync("19:54 left to pay");

        Assert.Equal(["One moment…", "Waiting for your payment…"], await SaidAsync(page));
        await Assertions.Expect(page.Locator("#paywall [role=status]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#paywall [aria-live], #paywall [role=alert]")).ToHaveCountAsync(0);
    }

    [Story]
    public async Task Enter_on_a_choice_does_not_leave_the_page()
    {
        await using var shop = await PlainShop.StartAsync(configure: TwoPacks);
        var page = await AskedAsync(shop);
        await Steps.CheckoutAsync(page);
        var before = page.Url;

        // What some browsers do with Enter in a form without a button.
        await page.Locator("#paywall #choice").EvaluateAsync("form => form.requestSubmit()");
        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Equal(before, page.Url);
    }

    [Stories]
    [InlineData(320, 100)]
    [InlineData(390, 200)]
    [InlineData(640, 200)]
    public async Task Large_letters_and_small_screens_need_no_scrolling_sideways(int width, int percent)
    {
        await using var shop = await PlainShop.StartAsync(configure: TwoPacks);
        var page = await Browser.OpenAsync(shop.Address, width);
        await page.GotoAsync("/de");
        await page.EvaluateAsync(
            """
            percent => {
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(`html { font-size: ${percent}% }`);
              document.adoptedStyleSheets = [sheet];
            }
            """,
            percent
        );
        await AskAsync(page, "Emma");
        await Steps.CheckoutAsync(page);

        var tooWide = await page.Locator("#paywall #dialog")
            .EvaluateAsync<string[]>(
                """
                dialog => {
                  const end = dialog.getBoundingClientRect().right - parseFloat(getComputedStyle(dialog).paddingRight);
                  return [...dialog.querySelectorAll("[id]"), ...dialog.getRootNode().host.querySelectorAll("[id]")]
                    .filter(part => part.getBoundingClientRect().right > end + 1)
                    .map(part => part.id);
                }
                """
            );
        Assert.Empty(tooWide);
    }

    [Story]
    public async Task A_second_element_of_the_page_has_a_code_and_a_link_of_its_own()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");

        await page.EvaluateAsync(
            """
            () => {
              const second = Object.assign(document.createElement("pay-per-use"), { className: "second" });
              document.body.append(second);
              second.show();
            }
            """
        );

        await Assertions.Expect(page.Locator(".second img")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".second a")).ToContainTextAsync("€1.00");
        await Assertions.Expect(page.Locator("#paywall").First).ToBeHiddenAsync();
    }

    [Story]
    public async Task Moved_in_the_page_it_stays_in_front_and_taken_out_it_lets_the_request_go()
    {
        await using var shop = await PlainShop.StartAsync("intercept");
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.EvaluateAsync(
            "() => { window.answer = fetch('/pictures', { method: 'POST', body: 'x' }).then(a => a.status) }"
        );
        await Steps.CheckoutAsync(page);

        await page.EvaluateAsync("() => document.querySelector('main').prepend(document.querySelector('#paywall'))");
        await Steps.CheckoutAsync(page);
        Assert.True(await page.Locator("#paywall #dialog").EvaluateAsync<bool>("dialog => dialog.matches(':modal')"));

        await page.EvaluateAsync("() => document.querySelector('#paywall').remove()");
        Assert.Equal(402, await page.EvaluateAsync<int>("() => window.answer"));
    }

    private static async Task LooksWellAsync(IPage page, int width, ColorScheme scheme, string name)
    {
        await page.SetViewportSizeAsync(width, 740);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= width);
        await Accessibility.CheckAsync(page);
        await Screenshots.SaveAsync(page, $"{name}-{width}-{scheme}");
    }
}
