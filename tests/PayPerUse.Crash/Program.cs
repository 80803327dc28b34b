using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Crash;
using PayPerUse.Credits;

// PayPerUse.Crash notices sqlite|postgres CONNECTION ROUND: has payments paid and tells the app, until it is killed.
if (args[0] == "notices")
{
    await NoticeLoad.RunAsync(args[1], args[2], args[3]);
}

// PayPerUse.Crash trim sqlite|postgres CONNECTION ROUND ACCOUNTS: trims logs in small steps, until it is killed or done.
if (args[0] == "trim")
{
    await TrimLoad.RunAsync(args[1], args[2], args[3], args[4]);
    return;
}

// PayPerUse.Crash merge sqlite|postgres CONNECTION ROUND ACCOUNTS: merges guests into the accounts, until it is killed.
if (args[0] == "merge")
{
    await MergeLoad.RunAsync(args[1], args[2], args[3], args[4]);
}

// PayPerUse.Crash sqlite|postgres CONNECTION ROUND ACCOUNTS: spends, reserves and commits until it is killed.
const int Workers = 32;
var (database, connection, round) = (args[0], args[1], args[2]);
var accounts = CrashLine.Accounts(int.Parse(args[3], CultureInfo.InvariantCulture));

await using var provider = CrashServices.Build(database, connection);
var ledger = provider.GetRequiredService<CreditLedger>();
await Task.WhenAll(Enumerable.Range(0, Workers).Select(w => Task.Run(() => WorkAsync(w))));

async Task WorkAsync(int worker)
{
    for (var i = 0; ; i++)
    {
        // The first account is hot: half of the load is its own.
#pragma warning disable CA5394 // Load needs no secrecy.
        var account = i % 2 == 0 ? accounts[0] : accounts[Random.Shared.Next(accounts.Length)];
#pragma warning restore CA5394
        await SubmitAsync(CreditCommand.Spend(account, $"s-{round}-{worker}-{i}", 1, "letter"));
        var reserve = CreditCommand.Reserve(account, $"k-{round}-{worker}-{i}", 2, "letter", CrashLine.ReservationTime);
        await SubmitAsync(reserve);
        await SubmitAsync(CreditCommand.Commit(new ReservationId(account, reserve.Id, reserve.Attempt), 1));
    }
}

async Task SubmitAsync(CreditCommand command)
{
    Pipe.Tell(CrashLine.Of(CrashNews.Sent, command).ToString());
    while (true)
    {
        try
        {
            var result = await ledger.SubmitAsync(command);
            var news = result.Status == CreditStatus.Applied ? CrashNews.Acknowledged : CrashNews.Refused;
            Pipe.Tell(CrashLine.Of(news, command, result.Status.ToString()).ToString());
            return;
        }
        catch (CreditStoreException e)
        {
            Pipe.Tell(CrashLine.Of(CrashNews.Failed, command, e.Message).ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
