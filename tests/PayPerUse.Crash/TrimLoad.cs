using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;

namespace PayPerUse.Crash;

/// <summary>A host that trims logs in small steps and spends meanwhile, until it is killed or nothing is left to trim.</summary>
public static class TrimLoad
{
    /// <summary>Entries before this moment are trimmed; the host's own spends are later.</summary>
    public static readonly DateTimeOffset Before = DateTimeOffset.UnixEpoch.AddYears(51);

    internal static async Task RunAsync(string database, string connection, string round, string accounts)
    {
        // A walk that a dead host holds is free again after five minutes.
        var clock = new LateClock(TimeSpan.FromMinutes(6 * int.Parse(round, CultureInfo.InvariantCulture)));
        var provider = CrashServices.Build(database, connection, s => s.AddSingleton<TimeProvider>(clock));
        await using (provider)
        {
            using var stop = new CancellationTokenSource();
            var ids = CrashLine.Accounts(int.Parse(accounts, CultureInfo.InvariantCulture));
            var spending = SpendAsync(provider.GetRequiredService<CreditLedger>(), ids, round, stop.Token);
            await TrimAsync(provider.GetRequiredService<ICreditRetention>());
            await stop.CancelAsync();
            await spending;
        }
    }

    private static async Task TrimAsync(ICreditRetention retention)
    {
        var order = new CreditTrimOrder(Before)
        {
            MaxEntries = 10,
            EntriesPerStep = 3,
            WalkInterval = TimeSpan.Zero,
        };
        for (var idle = 0; idle < 3; )
        {
            try
            {
                var trim = await retention.TrimAsync(order, CancellationToken.None);
                idle = trim.Entries == 0 ? idle + 1 : 0;
                Pipe.Tell(
                    string.Create(CultureInfo.InvariantCulture, $"trimmed|{trim.Entries}|{trim.Refused.Length}|end")
                );
            }
            catch (CreditStoreException)
            {
                // The spends hold the file: once more.
            }
        }
    }

    private static async Task SpendAsync(
        CreditLedger ledger,
        AccountId[] accounts,
        string round,
        CancellationToken stop
    )
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var account = accounts[i % accounts.Length];
            var id = string.Create(CultureInfo.InvariantCulture, $"t-{round}-{i}");
            Pipe.Tell($"sent|{account.Owner}|{id}|end");
            try
            {
                var spent = await ledger.SpendAsync(account, id, 1, "letter", CancellationToken.None);
                Pipe.Tell($"spent|{account.Owner}|{spent.Status}|end");
            }
            catch (CreditStoreException)
            {
                // It is known by its id whether it was applied.
            }
        }
    }

    private sealed class LateClock(TimeSpan late) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + late;
    }
}
