using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>What axe finds wrong with a page as it stands fails the test.</summary>
public static class Accessibility
{
    // What fades in has less contrast on its way; what pulses for ever is not waited for.
    private const string EntrancesAreOver = """
        () => Promise.all(document.getAnimations()
          .filter(a => a.effect.getComputedTiming().endTime !== Infinity)
          .map(a => a.finished.catch(() => {})))
        """;

    // What WCAG 2.2 AA asks, and what axe recommends besides.
    private static readonly AxeRunOptions Everything = new()
    {
        Rules = new() { ["target-size"] = new RuleOptions { Enabled = true } },
    };

    private static readonly AxeRunContext Paywall = new() { Include = [new AxeSelector("pay-per-use")] };

    private static readonly AxeRunOptions Words = new()
    {
        Rules = new()
        {
            ["target-size"] = new RuleOptions { Enabled = true },
            ["color-contrast"] = new RuleOptions { Enabled = false },
        },
    };

    private static readonly AxeRunOptions Colours = new()
    {
        RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] },
    };

    /// <summary>By all rules.</summary>
    public static Task CheckAsync(IPage page) => CheckAsync(page, Everything);

    /// <summary>By all rules but that of colours, which are the same in every language, and take the longest.</summary>
    public static Task CheckWordsAsync(IPage page) => CheckAsync(page, Words);

    /// <summary>In the dark theme, which changes colours only.</summary>
    public static async Task CheckDarkAsync(IPage page)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await CheckAsync(page, Colours);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
    }

    private static async Task CheckAsync(IPage page, AxeRunOptions rules)
    {
        await page.EvaluateAsync(EntrancesAreOver);
        // What lies behind an open paywall cannot be reached; axe would judge its colours against the dialog on top.
        var isBehind = await page.Locator("pay-per-use[open]").CountAsync() > 0;
        var result = isBehind ? await page.RunAxe(Paywall, rules) : await page.RunAxe(rules);
        var violations = string.Join(
            '\n',
            result.Violations.Select(v => $"{page.Url}: {v.Id}: {v.Help} ({Targets(v)})")
        );
        Assert.True(violations.Length == 0, violations);
    }

    private static string Targets(AxeResultItem violation) => string.Join(", ", violation.Nodes.Select(n => n.Target));
}
