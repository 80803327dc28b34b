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

    public static async Task CheckAsync(IPage page)
    {
        await page.EvaluateAsync(EntrancesAreOver);
        var result = await page.RunAxe();
        var violations = string.Join(
            '\n',
            result.Violations.Select(v => $"{page.Url}: {v.Id}: {v.Help} ({Targets(v)})")
        );
        Assert.True(violations.Length == 0, violations);
    }

    private static string Targets(AxeResultItem violation) => string.Join(", ", violation.Nodes.Select(n => n.Target));
}
