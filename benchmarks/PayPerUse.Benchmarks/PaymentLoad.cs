using System.Globalization;
using PayPerUse.Rush;
using PayPerUse.Testing;

namespace PayPerUse.Benchmarks;

/// <summary>
/// A thousand customers order, pay and are granted at once: two hosts, the simulated bank and PostgreSQL on one machine.
/// </summary>
internal static class PaymentLoad
{
    private const int Customers = 1_000;

    public static async Task RunAsync(Report report, int rounds)
    {
        await using var server = await PostgresServer.StartAsync();

        // As docs/operations.md advises: what is asked often is planned once.
        var database = await server.CreateDatabaseAsync() + ";Max Auto Prepare=100";
        await using var rush = await PaymentRush.StartAsync(database);

        // The first customers wait for the compiler, and with them all who come later; a shop that is open has that behind it.
        for (var i = 0; i < 6; i++)
        {
            await rush.RunAsync(Customers, $"early{i}-", TimeSpan.Zero, CancellationToken.None);
        }

        for (var round = 1; round <= rounds; round++)
        {
            await MeasureAsync(report, rush, $"same-moment-{round}", TimeSpan.Zero);
            await MeasureAsync(report, rush, $"within-10-s-{round}", TimeSpan.FromSeconds(10));
        }
    }

    private static async Task MeasureAsync(Report report, PaymentRush rush, string name, TimeSpan thinking)
    {
        var result = await rush.RunAsync(Customers, name, thinking, CancellationToken.None);
        var (balances, findings) = await rush.CheckAsync(Customers, name, CancellationToken.None);
        if (findings.Count > 0 || balances.Any(b => b != 5))
        {
            throw new InvalidOperationException(
                $"{balances.Count(b => b != 5)} accounts are wrong; {string.Join("; ", findings)}"
            );
        }

        report.Note(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Payments} made, paid and granted once in {result.Time.TotalSeconds:0.00} s ({result.PerSecond:0}/s); order {Text(result.Created)}; callback to visible balance {Text(result.Visible)}"
            )
        );
    }

    private static string Text(TimeSpan[] times) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"median {Of(times, 0.5):0} ms, p95 {Of(times, 0.95):0} ms, p99 {Of(times, 0.99):0} ms"
        );

    private static double Of(TimeSpan[] times, double share) => RushResult.Percentile(times, share).TotalMilliseconds;
}
