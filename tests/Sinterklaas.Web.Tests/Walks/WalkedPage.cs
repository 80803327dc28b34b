using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Walks;

/// <summary>One of the pages, in one of its states, in the tab of somebody who may see it.</summary>
/// <param name="Tab">Whose.</param>
/// <param name="Name">What its pictures are called.</param>
/// <param name="Path">Where it begins.</param>
/// <param name="Act">What is done there; null when the page is it.</param>
public sealed record WalkedPage(IPage Tab, string Name, string Path, Func<IPage, Task>? Act = null)
{
    // A dialog scrolls by itself.
    private const string NeededWidth = """
        () => {
          const dialog = document.querySelector("pay-per-use[open]")?.shadowRoot.querySelector("dialog");
          return Math.max(document.documentElement.scrollWidth, dialog ? dialog.scrollWidth + dialog.offsetLeft : 0);
        }
        """;

    /// <summary>The one language of a page that has no other; null for those that speak all of the site's.</summary>
    public string? OnlyIn { get; init; }

    /// <summary>Goes there anew.</summary>
    /// <param name="language">What the switch at the foot of the page is set to.</param>
    public async Task VisitAsync(string language)
    {
        await Tab.Context.AddCookiesAsync([Steps.Speaking(language, new Uri(new Uri(Tab.Url), "/"))]);
        await Tab.SetViewportSizeAsync(1280, 900);
        await Tab.GotoAsync(Path);
        if (Act is not null)
        {
            await Act(Tab);
        }
    }

    /// <summary>Leaves nothing behind that the next page would carry on with: a payment that waits.</summary>
    public async Task LeaveAsync()
    {
        if (Act is not null)
        {
            // To where no script runs: a paywall that still waits would note its payment again after it was cleared.
            await Tab.GotoAsync("/payments/paywall.js");
        }

        await Tab.EvaluateAsync("() => { localStorage.clear(); sessionStorage.clear(); }");
    }

    /// <summary>What every page must have: a title, one headline and its language.</summary>
    /// <returns>What it has not.</returns>
    public async Task<IEnumerable<string>> FindInHeadAsync(string language)
    {
        var spoken = await Tab.EvaluateAsync<string>("() => document.documentElement.lang");
        var title = await Tab.TitleAsync();
        var headlines = await Tab.Locator("h1").CountAsync();
        (bool IsFault, string Fault)[] faults =
        [
            (spoken != (OnlyIn ?? language), $"It speaks '{spoken}'."),
            (string.IsNullOrWhiteSpace(title), "It has no title."),
            (headlines != 1, $"It has {headlines} headlines."),
        ];
        return faults.Where(f => f.IsFault).Select(f => f.Fault);
    }

    /// <returns>By how much it is wider than the screen, if it is.</returns>
    public async Task<IEnumerable<string>> FindTooWideAsync(int width)
    {
        var needed = await Tab.EvaluateAsync<int>(NeededWidth);
        return needed > width ? [$"It needs {needed} px of {width}."] : [];
    }
}
