using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>
/// Sends all commands and merges of a story at once to two hosts. There must be an order that explains what each caller got: that of
/// the log.
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
        AccountId[] accounts = [new(name + "-anna"), new(name + "-bert"), new(name + "-cleo")];
        clock.AdjustTime(CreditScript.Start);
        var turns = TurnsOf(story, accounts);
        var commands = CommandsOf(turns, accounts);
        var (results, merges) = await SendAsync(commands, [.. turns.Where(t => t.Command is null)]);
        var crowd = new CreditCrowd(commands, results);
        foreach (var account in accounts)
        {
            crowd.Add(account, (await one.ReadHistoryAsync(account, null, 1000, Token)).Reverse());
        }

        crowd.Explain();
        Assert.Equal(crowd.Merged.Count(), merges.Count(m => m.Status == CreditMergeStatus.Merged));
        foreach (var (account, model) in crowd.Models)
        {
            var read = await one.ReadBalanceAsync(account, CreditPolicy.Default, Token);
            Assert.Equal(
                (model.Balance, model.Reserved, model.MergedInto),
                (read.Balance, read.Reserved, read.MergedInto)
            );
        }
    }

    private static CreditTurn[] TurnsOf(CreditStep[] story, AccountId[] accounts) =>
        [.. CreditScript.Tell([.. story.Select(s => s with { Minutes = 0 })], accounts)];

    private static CreditCommand[] CommandsOf(CreditTurn[] turns, AccountId[] accounts) =>
        [
            .. accounts.Select(a => CreditCommand.Grant(a, "first", 20, "five")),
            .. turns
                .Select(t => t.Command)
                .OfType<CreditCommand>()
                // These leave no entry.
                .Where(c => c.Kind is not (CreditCommandKind.Renew or CreditCommandKind.Settle))
                // An entry must stand for one command.
                .DistinctBy(c => (c.Account, c.Kind, c.Id, c.Attempt)),
        ];

    private async Task<(CreditResult[] Results, CreditMergeResult[] Merges)> SendAsync(
        CreditCommand[] commands,
        CreditTurn[] merges
    )
    {
        var options = Options.Create(new PayPerUseOptions { Ledger = { Timeout = TimeSpan.FromMinutes(1) } });
        await using var ledgerOne = new CreditLedger(one, options);
        await using var ledgerTwo = new CreditLedger(two, options);
        var merging = merges
            .Where(_ => one is ICreditMerger)
            .Select((m, i) => Task.Run(() => MergeAsync((ICreditMerger)(i % 2 == 0 ? one : two), m), Token))
            .ToArray();
        var results = await Task.WhenAll(
            commands.Select((c, i) => Task.Run(() => (i % 2 == 0 ? ledgerOne : ledgerTwo).SubmitAsync(c, Token), Token))
        );
        return (results, await Task.WhenAll(merging));
    }

    /// <summary>Amid the commands, not before them: until there is something to merge.</summary>
    private static async Task<CreditMergeResult> MergeAsync(ICreditMerger store, CreditTurn merge)
    {
        await Task.Delay(merge.Step.Name, Token);
        return await store.MergeAsync(merge.Account, merge.Target, CreditPolicy.Default, Token);
    }
}
