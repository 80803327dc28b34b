using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayPerUse;
using PayPerUse.Payments;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Paywall;

/// <summary>The steps of a customer at the plain shop, with a screen and a phone.</summary>
public abstract class ShopStory : IAsyncLifetime
{
    protected Browser Browser { get; private set; } = null!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Browser = await Browser.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Something to choose from.</summary>
    protected static void TwoPacks(IPayPerUseBuilder builder) =>
        builder.AddPack(new CreditPack("twenty", 20, Money.Euro(3.50m)));

    /// <summary>The page, and a letter asked for.</summary>
    protected async Task<IPage> AskedAsync(PlainShop shop, string child = "Emma")
    {
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await AskAsync(page, child);
        return page;
    }

    protected static async Task AskAsync(
        IPage page,
        string child,
        string way = "page",
        Func<ILocator, Task>? press = null
    )
    {
        await page.Locator("[name=child]").FillAsync(child);
        await (press ?? (button => button.ClickAsync()))(page.Locator($"[name=way][value={way}]"));
    }

    protected async Task InBankAppAsync(PlainShop shop, IPage page, string button) =>
        await Browser.InBankAppAsync(shop.Address, await Steps.CheckoutAsync(page), button);

    protected static Task ExpectLetterAsync(IPage page, string child = "Emma") =>
        Assertions.Expect(page.Locator("#letter")).ToHaveTextAsync($"Dear {child}");

    /// <summary>Notes what a screen reader is told from now on.</summary>
    protected static Task ListenAsync(IPage page) =>
        page.Locator("#paywall #status")
            .EvaluateAsync(
                """
                status => {
                  window.said = [];
                  new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
                }
                """
            );

    protected static Task<string[]> SaidAsync(IPage page) => page.EvaluateAsync<string[]>("() => window.said");

    protected static Task ExpectStatusAsync(IPage page, string words) =>
        Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync(words);
}
