using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayPerUse;
using PayPerUse.Payments;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>The element on a plain page that is not the site's: strict policy, prefix, ordinary forms, four languages, two themes.</summary>
public sealed class PaywallElementTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> PayWords = new()
    {
        ["en"] = "Order and pay",
        ["nl"] = "Bestellen en betalen",
        ["fr"] = "Commander et payer",
        ["de"] = "Bestellen und bezahlen",
    };

    private Browser? _browser;

    public static TheoryData<string, ColorScheme> Looks =>
        new MatrixTheoryData<string, ColorScheme>(["en", "nl", "fr", "de"], [ColorScheme.Light, ColorScheme.Dark]);

    public async ValueTask InitializeAsync() => _browser = await Browser.StartAsync();

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task It_speaks_the_language_of_the_page_and_axe_finds_nothing(string language, ColorScheme scheme)
    {
        await using var shop = await PlainShop.StartAsync(configure: TwoPacks);
        var page = await _browser!.OpenAsync(shop.Address, width: 360, height: 740, scheme: scheme);
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

        await WaitForQrAsync(page);
        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync(PayWords[language]);
        Assert.Equal(language, await page.Locator("#paywall #dialog").GetAttributeAsync("lang"));
        foreach (var width in new[] { 360, 1280 })
        {
            await page.SetViewportSizeAsync(width, 740);
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth") <= width);
            await Accessibility.CheckAsync(page);
            await Screenshots.SaveAsync(page, $"element-{language}-{scheme}-{width}");
        }

        await InBankAppAsync(shop, page, "decline");
        await Assertions.Expect(page.Locator("#paywall #retry")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#paywall-qr")).ToBeHiddenAsync();
        await Accessibility.CheckAsync(page);
        await Screenshots.SaveAsync(page, $"element-{language}-{scheme}-declined");
        Assert.Empty(strangers);
        Assert.Empty(_browser.Complaints);
    }

    [Theory]
    [InlineData("redirect")]
    [InlineData("page")]
    public async Task An_ordinary_form_gets_its_answer_after_the_payment(string way)
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await _browser!.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await AskAsync(page, "Emma", way, button => button.DblClickAsync());
        await WaitForQrAsync(page);

        await InBankAppAsync(shop, page, "approve");

        await Assertions.Expect(page.Locator("#letter")).ToHaveTextAsync("Dear Emma");
        Assert.Equal(1, shop.Written);
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task A_page_that_was_shown_in_place_has_a_paywall_again()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await _browser!.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await AskAsync(page, "1");
        await WaitForQrAsync(page);
        await InBankAppAsync(shop, page, "approve");
        for (var child = 2; child <= 5; child++)
        {
            await Assertions.Expect(page.Locator("#letter")).ToHaveTextAsync($"Dear {child - 1}");
            await AskAsync(page, $"{child}");
        }

        await Assertions.Expect(page.Locator("#letter")).ToHaveTextAsync("Dear 5");
        await AskAsync(page, "6");
        await WaitForQrAsync(page);
        await InBankAppAsync(shop, page, "approve");

        await Assertions.Expect(page.Locator("#letter")).ToHaveTextAsync("Dear 6");
        Assert.Equal(6, shop.Written);
    }

    [Fact]
    public async Task A_reload_brings_back_what_was_filled_in_and_goes_on()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await _browser!.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.Locator("[name=nice]").CheckAsync();
        await AskAsync(page, "Emma");
        await WaitForQrAsync(page);

        await page.GotoAsync("about:blank");
        await page.GotoAsync("/en");
        await WaitForQrAsync(page);
        await Assertions.Expect(page.Locator("[name=child]")).ToHaveValueAsync("Emma");
        await Assertions.Expect(page.Locator("[name=nice]")).ToBeCheckedAsync();
        await InBankAppAsync(shop, page, "approve");

        await Assertions.Expect(page.Locator("#letter")).ToHaveTextAsync("Dear Emma");
        Assert.Equal(1, shop.Written);
    }

    [Fact]
    public async Task Another_pack_can_be_chosen_by_keyboard()
    {
        await using var shop = await PlainShop.StartAsync(configure: TwoPacks);
        var page = await _browser!.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.GetByRole(AriaRole.Button, new() { Name = "Buy" }).ClickAsync();
        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync("€1.00");

        await page.GetByRole(AriaRole.Radio, new() { Name = "5 credits" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");

        await Assertions.Expect(page.Locator("#paywall-link")).ToContainTextAsync("€3.50");
        await Assertions.Expect(page.Locator("#paywall #title")).ToContainTextAsync("20 credits");
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task Nothing_is_ordered_before_the_terms_are_agreed_to()
    {
        await using var shop = await PlainShop.StartAsync(
            "consent=\"2026-11\"",
            b => b.Services.Configure<PayPerUseOptions>(o => o.RequiredConsent = "2026-11")
        );
        var page = await _browser!.OpenAsync(shop.Address);
        var ordered = 0;
        page.Request += (_, request) =>
            ordered += request.Url.EndsWith("/payments/create", StringComparison.Ordinal) ? 1 : 0;
        await page.GotoAsync("/en");
        await AskAsync(page, "Emma");

        await page.GetByText("I agree to the terms.").WaitForAsync();
        Assert.Equal(0, ordered);
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "I agree to the terms." }).CheckAsync();
        await WaitForQrAsync(page);
        await InBankAppAsync(shop, page, "approve");

        await Assertions.Expect(page.Locator("#letter")).ToHaveTextAsync("Dear Emma");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }

    private static void TwoPacks(IPayPerUseBuilder builder) =>
        builder.AddPack(new CreditPack("twenty", 20, Money.Euro(3.50m)));

    private static async Task AskAsync(
        IPage page,
        string child,
        string way = "page",
        Func<ILocator, Task>? press = null
    )
    {
        await page.Locator("[name=child]").FillAsync(child);
        await (press ?? (button => button.ClickAsync()))(page.Locator($"[name=way][value={way}]"));
    }

    private static async Task WaitForQrAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("#paywall-qr")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#paywall-qr').naturalWidth > 0");
    }

    private async Task InBankAppAsync(PlainShop shop, IPage page, string button)
    {
        var phone = await _browser!.OpenAsync(shop.Address, width: 390, height: 844);
        await phone.GotoAsync((await page.Locator("#paywall-link").GetAttributeAsync("href"))!);
        await phone.RunAndWaitForResponseAsync(
            () => phone.Locator($"form[action$='/{button}'] button").ClickAsync(),
            answer => answer.Request.Method == "POST"
        );
        await phone.CloseAsync();
    }
}
