using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>Thousands of accounts with expiring grants and open reservations, of which some are due.</summary>
internal sealed class SweepCrowd
{
    public const int Accounts = 4000;
    public const int Due = 300;
    public const int Limit = 20;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public async Task GatherAsync(ICreditStore store, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        foreach (var part in Enumerable.Range(0, Accounts).Chunk(500))
        {
            var commands = part.SelectMany(i =>
            {
                var account = new AccountId("crowd-" + i);
                var isDue = i % (Accounts / Due) == 0;
                return new[]
                {
                    CreditCommand.Grant(account, "lasts", 5, "five"),
                    CreditCommand.Grant(account, "expires", 5, "five", now + TimeSpan.FromHours(isDue ? 1 : 48)),
                    CreditCommand.Reserve(account, "lapses", 1, "letter", TimeSpan.FromHours(isDue ? 1 : 48)),
                };
            });
            await store.ApplyAsync(new CreditBatch(commands), cancellationToken);
        }

        Clock.Advance(TimeSpan.FromHours(2));
    }

    /// <summary>Looks once, and checks that what was found is due.</summary>
    public static async Task FindAsync(ICreditStore store, CancellationToken cancellationToken)
    {
        var found = await ((IDueCredits)store).FindDueAsync(Limit, cancellationToken);
        Assert.Equal(Limit, found.Length);
        Assert.All(
            found,
            a => Assert.Equal(0, int.Parse(a.Owner["crowd-".Length..], CultureInfo.InvariantCulture) % (Accounts / Due))
        );
    }
}
