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

    private static readonly AxeRunOptions Everything = new()
    {
        // What WCAG 2.2 AA asks, and what axe recommends besides.
        Rules = new() { ["target-size"] = new RuleOptions { Enabled = true } },
    };

    /// <param name="page">The page, as it stands.</param>
    /// <param name="rules">Only these rules; all of them when none is named.</param>
    public static async Task CheckAsync(IPage page, params string[] rules)
    {
        await page.EvaluateAsync(EntrancesAreOver);
        var result = await page.RunAxe(rules.Length == 0 ? Everything : Only(rules));
        var violations = string.Join(
            '\n',
            result.Violations.Select(v => $"{page.Url}: {v.Id}: {v.Help} ({Targets(v)})")
        );
        Assert.True(violations.Length == 0, violations);
    }

    private static AxeRunOptions Only(string[] rules) =>
        new()
        {
            RunOnly = new RunOnlyOptions { Type = "rule", Values = [.. rules] },
        };

    private static string Targets(AxeResultItem violation) => string.Join(", ", violation.Nodes.Select(n => n.Target));
}
