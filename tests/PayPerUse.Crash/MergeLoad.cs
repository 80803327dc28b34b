using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;

namespace PayPerUse.Crash;

/// <summary>A host whose guests pay, spend, are merged into accounts that spend meanwhile, and are paid for once more, until it is killed.</summary>
public static class MergeLoad
{
    /// <summary>What an account has more of each guest in the end.</summary>
    public const long CreditsAGuest = Paid - Spent + Late;

    private const long Paid = 10;
    private const long Spent = 3;
    private const long Late = 2;
    private const int Workers = 8;

    /// <summary>All that happens to a guest; whatever of it was done before is not done again.</summary>
    public static async Task ServeAsync(CreditLedger ledger, AccountId guest, AccountId account)
    {
        await PatientlyAsync(() => ledger.GrantAsync(guest, "payment:1", Paid, "five"));
        await PatientlyAsync(() => ledger.SpendAsync(guest, "s", Spent, "letter"));
        var merged = await PatientlyAsync(() => ledger.MergeAsync(guest, account));
        if (!merged.Succeeded)
        {
            throw new InvalidOperationException($"{guest} was not merged into {account}: {merged}");
        }

        var late = "payment:" + guest.Owner;
        var refused = await PatientlyAsync(() => ledger.GrantAsync(guest, late, Late, "five"));
        await PatientlyAsync(() => ledger.GrantAsync(refused.MergedInto!.Value, late, Late, "five"));
    }

    internal static async Task RunAsync(string database, string connection, string round, string accounts)
    {
        await using var provider = CrashServices.Build(database, connection);
        var ledger = provider.GetRequiredService<CreditLedger>();
        var ids = CrashLine.Accounts(int.Parse(accounts, CultureInfo.InvariantCulture));
        await Task.WhenAll(
            Enumerable
                .Range(0, Workers)
                .Select(w => Task.Run(() => MergeAsync(ledger, ids, $"{round}-{w}")))
                .Append(Task.Run(() => SpendAsync(ledger, ids, round)))
        );
    }

    private static async Task MergeAsync(CreditLedger ledger, AccountId[] accounts, string name)
    {
        for (var i = 0; ; i++)
        {
            var guest = new AccountId(string.Create(CultureInfo.InvariantCulture, $"guest-{name}-{i}"));
            var account = accounts[i % accounts.Length];
            Pipe.Tell($"guest|{guest.Owner}|{account.Owner}|end");
            await ServeAsync(ledger, guest, account);
            Pipe.Tell($"served|{guest.Owner}|{account.Owner}|end");
        }
    }

    private static async Task SpendAsync(CreditLedger ledger, AccountId[] accounts, string round)
    {
        for (var i = 0; ; i++)
        {
            var account = accounts[i % accounts.Length];
            var id = string.Create(CultureInfo.InvariantCulture, $"m-{round}-{i}");
            Pipe.Tell($"sent|{account.Owner}|{id}|end");
            await PatientlyAsync(() => ledger.SpendAsync(account, id, 1, "letter"));
        }
    }

    // Whoever holds the file or the rows lets go of them.
    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (CreditStoreException e) when (e.IsTransient)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }
}
