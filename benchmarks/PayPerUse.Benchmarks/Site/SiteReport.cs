using System.Globalization;
using Sinterklaas.Crowd;

namespace PayPerUse.Benchmarks.Site;

/// <summary>What a crowd met, as a table.</summary>
internal static class SiteReport
{
    public static void Print(string name, CrowdResult result)
    {
        Say($"{name}: {result.Visits.Count} visitors at once, all done after {result.Time.TotalSeconds:0.0} s,");
        Say($"{result.Errors.Count} errors");
        Console.WriteLine();
        Console.WriteLine("| step | visitors | median ms | p95 ms | longest ms |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (step, times) in result.Steps)
        {
            Say($"| {step} | {times.Length} | {Of(times, 0.5):0} | {Of(times, 0.95):0} | {Of(times, 1):0} |");
        }

        foreach (var error in result.Errors.GroupBy(e => e).OrderByDescending(e => e.Count()).Take(20))
        {
            Say($"{error.Count()} × {error.Key}");
        }
    }

    private static double Of(TimeSpan[] sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * share) - 1, 0, sorted.Length - 1)].TotalMilliseconds;

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
