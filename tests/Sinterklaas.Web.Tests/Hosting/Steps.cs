using Microsoft.Playwright;
using PayPerUse.Testing;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>What visitors do on their way, by the element ids of the contract.</summary>
public static class Steps
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Asks for a code.</summary>
    /// <param name="page">Goes to sign in, unless it is there.</param>
    /// <param name="email">Somebody's who was here before; else a new one.</param>
    /// <returns>The address that it was mailed to.</returns>
    public static async Task<string> AskCodeAsync(IPage page, string? email = null)
    {
        email ??= $"ouder-{Guid.NewGuid():N}@voorbeeld.be";
        if (!page.Url.Contains("/signin", StringComparison.Ordinal))
        {
            await page.GotoAsync("/signin");
        }

        await page.Locator("#email").FillAsync(email);
        await page.Locator("#send-code").ClickAsync();
        await page.Locator("#code").WaitForAsync();
        return email;
    }

    /// <returns>Who is signed in now.</returns>
    public static async Task<string> SignInAsync(IPage page, string? email = null)
    {
        email = await AskCodeAsync(page, email);
        using var mailbox = new Visitor(new Uri(new Uri(page.Url), "/"), email);
        await page.Locator("#code").FillAsync(await mailbox.ReadCodeAsync(Ct));
        await page.Locator("#verify").ClickAsync();
        await page.Locator("#credits").WaitForAsync();
        return email;
    }

    /// <summary>The cookie of a visitor who chose a language.</summary>
    public static Cookie Speaking(string language, Uri site) =>
        new()
        {
            Name = ".AspNetCore.Culture",
            Value = $"c%3D{language}%7Cuic%3D{language}",
            Url = site.ToString(),
        };

    /// <summary>Buys a pack, with the cookies of this browser, as its scripts would.</summary>
    /// <returns>The payment's id.</returns>
    public static async Task<string> BuyAsync(IPage page)
    {
        var (id, checkout) = await OrderAsync(page);
        await page.Context.APIRequest.PostAsync($"/simulator/bancontact/payments/{checkout.Split('/')[^1]}/approve");
        await WaitForCreditsAsync(page);
        return id;
    }

    /// <summary>Orders a pack, and agrees to what must be agreed to.</summary>
    /// <returns>The payment's id, and where it can be paid.</returns>
    public static async Task<(string Id, string Checkout)> OrderAsync(IPage page)
    {
        var request = page.Context.APIRequest;
        var sold = await (await request.GetAsync("/payments/packs")).JsonAsync();
        var consent = sold!.Value.TryGetProperty("consent", out var version) ? version.GetString() : null;
        var create = new APIRequestContextOptions { DataObject = new { pack = "five", consent } };
        var payment = (await (await request.PostAsync("/payments/create", create)).JsonAsync())!.Value;
        return (payment.GetProperty("id").GetString()!, payment.GetProperty("checkoutUrl").GetString()!);
    }

    /// <summary>Waits until what was paid at the bank has arrived.</summary>
    public static async Task WaitForCreditsAsync(IPage page)
    {
        await foreach (var _ in Patience.TriesAsync("The credits", Ct))
        {
            var status = await (await page.Context.APIRequest.GetAsync("/credits/status")).JsonAsync();
            if (status!.Value.GetProperty("balance").GetInt64() > 0)
            {
                return;
            }
        }
    }

    public static async Task FillAsync(IPage page, string child)
    {
        await page.Locator("[name=childName]").FillAsync(child);
        await page.Locator("[name=age]").FillAsync("6");
        await page.Locator("[name=goodDeeds]").FillAsync("Leerde fietsen zonder wieltjes en troostte een vriendje");
        await page.Locator("[name=wishes]").FillAsync("Een houten trein en een boek over de maan");
    }

    /// <summary>Asks for a letter that there are no credits for.</summary>
    public static async Task AskAsync(IPage page, string child, Func<ILocator, Task>? press = null)
    {
        await FillAsync(page, child);
        await (press ?? (button => button.ClickAsync()))(page.Locator("#make-letter"));
        await Assertions.Expect(page.Locator("#paywall")).ToBeVisibleAsync();
    }

    /// <summary>
    /// The link to pay at, once it can be scanned. Plain selectors, as other people's scripts use: the code and the link are in the
    /// page, not in a shadow; and the image itself, since a code that did not load cannot be scanned.
    /// </summary>
    public static async Task<string> CheckoutAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("#paywall-qr")).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#paywall-qr').naturalWidth > 0");
        var link = await page.EvaluateAsync<string>("() => document.querySelector('#paywall-link').href");
        Assert.StartsWith("http", link, StringComparison.Ordinal);
        return link;
    }

    /// <summary>Makes something from the first page.</summary>
    /// <returns>The path of its page.</returns>
    public static async Task<string> MakeAsync(IPage page, string button, string made, string child = "Emma")
    {
        await page.GotoAsync("/");
        await FillAsync(page, child);
        await page.Locator(button).ClickAsync();
        await page.Locator(made).WaitForAsync();
        return new Uri(page.Url).AbsolutePath;
    }

    /// <summary>Makes a link to what was made, with the cookies of this browser.</summary>
    /// <returns>The path that opens it for everybody.</returns>
    public static async Task<string> ShareAsync(IPage page, string made)
    {
        var options = new APIRequestContextOptions { DataObject = new { } };
        var shared = await (await page.Context.APIRequest.PostAsync(made + "/share", options)).JsonAsync();
        return new Uri(shared!.Value.GetProperty("url").GetString()!).AbsolutePath;
    }
}
