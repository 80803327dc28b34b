using Microsoft.Playwright;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>What visitors do on their way, by the element ids of the contract.</summary>
public static class Steps
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Asks for a code.</summary>
    /// <returns>The address that it was mailed to.</returns>
    public static async Task<string> AskCodeAsync(IPage page)
    {
        var email = $"ouder-{Guid.NewGuid():N}@voorbeeld.be";
        await page.GotoAsync("/signin");
        await page.Locator("#email").FillAsync(email);
        await page.Locator("#send-code").ClickAsync();
        await page.Locator("#code").WaitForAsync();
        return email;
    }

    public static async Task SignInAsync(IPage page)
    {
        var email = await AskCodeAsync(page);
        using var mailbox = new Visitor(new Uri(new Uri(page.Url), "/"), email);
        await page.Locator("#code").FillAsync(await mailbox.ReadCodeAsync(Ct));
        await page.Locator("#verify").ClickAsync();
        await page.Locator("#credits").WaitForAsync();
    }

    /// <summary>Buys a pack, with the cookies of this browser, as its scripts would.</summary>
    public static async Task BuyAsync(IPage page)
    {
        var request = page.Context.APIRequest;
        var create = new APIRequestContextOptions { DataObject = new { pack = "five" } };
        var payment = await (await request.PostAsync("/payments/create", create)).JsonAsync();
        var checkout = payment!.Value.GetProperty("checkoutUrl").GetString()!.Split('/')[^1];
        await request.PostAsync($"/simulator/bancontact/payments/{checkout}/approve");
        await WaitForCreditsAsync(page);
    }

    /// <summary>Waits until what was paid at the bank has arrived.</summary>
    public static async Task WaitForCreditsAsync(IPage page)
    {
        while (
            (await (await page.Context.APIRequest.GetAsync("/credits/status")).JsonAsync())!
                .Value.GetProperty("balance")
                .GetInt64() <= 0
        )
        {
            await Task.Delay(100, Ct);
        }
    }

    public static async Task FillAsync(IPage page, string child)
    {
        await page.Locator("[name=childName]").FillAsync(child);
        await page.Locator("[name=age]").FillAsync("6");
        await page.Locator("[name=goodDeeds]").FillAsync("Leerde fietsen zonder wieltjes en troostte een vriendje");
        await page.Locator("[name=wishes]").FillAsync("Een houten trein en een boek over de maan");
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
