using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>
/// Sends all commands of a story at once to two hosts. There must be an order that explains what each caller got: that of the log.
/// </summary>
/// <param name="one">One host's store.</param>
/// <param name="two">The other's, on the same data.</param>
/// <param name="clock">The clock of both; it stands still meanwhile.</param>
public sealed class CreditCrowdTeller(ICreditStore one, ICreditStore two, FakeTimeProvider clock)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Sends a story, then tells the naive model what was applied, in the log's order.</summary>
    public async Task TellAsync(CreditStep[] story)
    {
        var name = "crowd-" + Guid.NewGuid().ToString("N");
        AccountId[] accounts = [new(name + "-anna"), new(name + "-bert")];
        clock.AdjustTime(CreditScript.Start);
        var commands = CommandsOf(story, accounts);
        var results = await SendAsync(commands);
        foreach (var account in accounts)
        {
            var model = new NaiveCredits(CreditPolicy.Default);
            var entries = (await one.ReadHistoryAsync(account, null, 1000, Token)).Reverse().ToArray();
            foreach (var entry in entries)
            {
                var i = Array.FindIndex(commands, c => IsEntryOf(c, account, entry));
                Assert.True(i >= 0, $"{entry} was never sent.");
                Assert.Equal(model.Apply(commands[i], CreditScript.Start), NaiveCredits.Answer.Of(results[i]));
            }

            Assert.Equal(model.Log, entries.Select(NaiveCredits.Line.Of));
            var read = await one.ReadBalanceAsync(account, CreditPolicy.Default, Token);
            Assert.Equal((model.Balance, model.Reserved), (read.Balance, read.Reserved));
            var applied = results.Where((r, i) => commands[i].Account == account && r.Status == CreditStatus.Applied);
            Assert.Equal(entries.Length, applied.Count());
        }
    }

    private static CreditCommand[] CommandsOf(CreditStep[] story, AccountId[] accounts) =>
        [
            .. accounts.Select(a => CreditCommand.Grant(a, "first", 20, "five")),
            .. CreditScript
                .Tell([.. story.Select(s => s with { Minutes = 0 })], accounts)
                .Select(told => told.Command)
                // These leave no entry.
                .Where(c => c.Kind is not (CreditCommandKind.Renew or CreditCommandKind.Settle))
                // An entry must stand for one command.
                .DistinctBy(c => (c.Account, c.Kind, c.Id, c.Attempt)),
        ];

    private async Task<CreditResult[]> SendAsync(CreditCommand[] commands)
    {
        var options = Options.Create(new PayPerUseOptions { Ledger = { Timeout = TimeSpan.FromMinutes(1) } });
        await using var ledgerOne = new CreditLedger(one, options);
        await using var ledgerTwo = new CreditLedger(two, options);
        return await Task.WhenAll(
            commands.Select((c, i) => Task.Run(() => (i % 2 == 0 ? ledgerOne : ledgerTwo).SubmitAsync(c, Token), Token))
        );
    }

    private static bool IsEntryOf(CreditCommand command, AccountId account, CreditEntry entry) =>
        (command.Account, command.Id, command.Attempt) == (account, entry.OperationId, entry.Attempt)
        && command.Kind.ToString() == entry.Kind.ToString();
}
