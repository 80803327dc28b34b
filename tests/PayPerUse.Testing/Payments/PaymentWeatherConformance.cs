using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace PayPerUse.Testing.Payments;

/// <summary>
/// The weather suite of a provider: derive once, make its world. A failing seed prints its whole story and always fails again.
/// </summary>
public abstract class PaymentWeatherConformance
{
    // In lots, so that they run beside each other and a failure names its neighbourhood.
    private const int Lots = 10;

    /// <summary>How many schedules; at least 300.</summary>
    protected virtual int Seeds => 300;

    private static int DatabaseSeeds => LongRun.IsOn ? 100 : 12;

    public static TheoryData<int> LotNumbers => [.. Enumerable.Range(0, Lots)];

    /// <summary>Makes a fresh world.</summary>
    protected abstract Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock);

    [Theory]
    [MemberData(nameof(LotNumbers))]
    public async Task Every_schedule_ends_as_the_calm_one(int lot)
    {
        for (var seed = lot; seed < Seeds; seed += Lots)
        {
            await LiveThroughAsync(seed, new InMemoryWorldStores());
        }
    }

    /// <summary>Hosts that die leave behind what is in the file, and nothing else.</summary>
    [Fact]
    public async Task Every_schedule_ends_as_the_calm_one_on_SQLite()
    {
        for (var seed = Seeds; seed < Seeds + DatabaseSeeds; seed++)
        {
            await LiveThroughAsync(seed, await EfWorldStores.OnSqliteAsync());
        }
    }

    [Fact]
    public async Task Every_schedule_ends_as_the_calm_one_on_PostgreSQL()
    {
        for (var seed = Seeds + DatabaseSeeds; seed < Seeds + (2 * DatabaseSeeds); seed++)
        {
            await LiveThroughAsync(seed, await EfWorldStores.OnPostgresAsync());
        }
    }

    private async Task LiveThroughAsync(int seed, WorldStores stores)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        await using var weather = new PaymentWeather(seed, await CreateWorldAsync(clock), stores);
        try
        {
            await weather.RunAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception e)
        {
            Assert.Fail($"Seed {seed}: {e}");
        }
    }
}
