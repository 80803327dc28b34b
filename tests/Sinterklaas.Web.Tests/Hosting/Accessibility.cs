using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>What axe finds wrong with a page as it stands.</summary>
public static class Accessibility
{
    // What fades in has less contrast on its way; what pulses for ever is not waited for.
    private const string EntrancesAreOver = """
        () => Promise.all(document.getAnimations()
          .filter(a => a.effect.getComputedTiming().endTime !== Infinity)
          .map(a => a.finished.catch(() => {})))
        """;

    // What lies behind an open paywall cannot be reached; axe would judge its colours against the dialog on top.
    private const string Run = """
        async options => {
          const { violations } = await axe.run(document.querySelector("pay-per-use[open]") ?? document, options);
          return violations.map(v => `${v.id}: ${v.help} (${v.nodes.map(n => n.target.join(" ")).join(", ")})`);
        }
        """;

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // What WCAG 2.2 AA asks, and what axe recommends besides.
    private static readonly object Everything = new
    {
        resultTypes = new[] { "violations" },
        rules = new Dictionary<string, object> { ["target-size"] = new { enabled = true } },
    };

    /// <summary>By all rules.</summary>
    public static async Task CheckAsync(IPage page) => Expect(page, await FindAsync(page));

    /// <summary>In the dark theme, which changes colours only.</summary>
    public static async Task CheckDarkAsync(IPage page) => Expect(page, await FindAtNightAsync(page, "color-contrast"));

    /// <summary>By all rules.</summary>
    /// <returns>What is wrong.</returns>
    public static Task<string[]> FindAsync(IPage page) => FindAsync(page, Everything);

    /// <summary>In the dark theme, which changes colours only, and on a phone, which changes what is next to what.</summary>
    /// <returns>What is wrong.</returns>
    public static async Task<string[]> FindOnPhoneAtNightAsync(IPage page)
    {
        var size = page.ViewportSize!;
        await page.SetViewportSizeAsync(390, 844);
        var faults = await FindAtNightAsync(page, "color-contrast", "target-size");
        await page.SetViewportSizeAsync(size.Width, size.Height);
        return faults;
    }

    private static void Expect(IPage page, string[] faults) =>
        Assert.True(faults.Length == 0, $"{page.Url}: {string.Join('\n', faults)}");

    private static async Task<string[]> FindAtNightAsync(IPage page, params string[] rules)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        var faults = await FindAsync(page, new { resultTypes = new[] { "violations" }, runOnly = rules });
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        return faults;
    }

    private static async Task<string[]> FindAsync(IPage page, object options)
    {
        await page.EvaluateAsync(EntrancesAreOver);
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Axe);
        }

        return await page.EvaluateAsync<string[]>(Run, options);
    }
}
