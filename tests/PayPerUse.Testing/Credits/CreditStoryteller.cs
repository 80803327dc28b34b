using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>
/// Tells random stories to a store, batch by batch, with crashes and retries, and to the naive model: they must agree. After every
/// batch each account is verified, which recomputes the design's invariant from the log.
/// </summary>
/// <param name="store">The store; its clock is <paramref name="clock"/>.</param>
/// <param name="clock">Moved as the story says, back too.</param>
/// <param name="reopen">Gives a store up and makes another on its data; null where nothing outlives it.</param>
public sealed class CreditStoryteller(
    ICreditStore store,
    FakeTimeProvider clock,
    Func<ICreditStore, Task<ICreditStore>>? reopen = null
)
{
    private ICreditStore _store = store;

    private TimeSpan? _kept;
    private int _entriesPerStep;

    /// <summary>Tells one story about two accounts of its own.</summary>
    /// <param name="story">The story.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="kept">How much of the log is kept: after each batch the rest is trimmed. Null trims nothing.</param>
    /// <param name="entriesPerStep">How many entries a step of trimming takes.</param>
    public async Task TellAsync(CreditStep[] story, CreditPolicy policy, TimeSpan? kept = null, int entriesPerStep = 1)
    {
        (_kept, _entriesPerStep) = (kept, entriesPerStep);
        var name = "story-" + Guid.NewGuid().ToString("N");
        AccountId[] accounts = [new(name + "-anna"), new(name + "-bert")];
        var models = accounts.ToDictionary(a => a, _ => new NaiveCredits(policy));
        var batch = new List<CreditCommand>();
        clock.AdjustTime(CreditScript.Start);
        foreach (var (now, command, step) in CreditScript.Tell(story, accounts))
        {
            if (now != clock.GetUtcNow())
            {
                await SendAsync(models, batch, policy, CreditCrash.None);
                clock.AdjustTime(now);
            }

            batch.Add(command);
            if (step.EndsBatch)
            {
                await SendAsync(models, batch, policy, step.Crash);
            }
        }

        await SendAsync(models, batch, policy, CreditCrash.None);
        foreach (var (account, model) in models)
        {
            var entries = await _store.ReadHistoryAsync(account, null, 1000, CancellationToken.None);
            Assert.Equal(model.Log.Skip(model.Folded), entries.Reverse().Select(NaiveCredits.Line.Of));
            model.Apply(CreditCommand.Settle(account), clock.GetUtcNow());
            var read = await _store.ReadBalanceAsync(account, policy, CancellationToken.None);
            Assert.Equal((model.Balance, model.Reserved), (read.Balance, read.Reserved));
        }
    }

    private async Task SendAsync(
        Dictionary<AccountId, NaiveCredits> models,
        List<CreditCommand> batch,
        CreditPolicy policy,
        CreditCrash crash
    )
    {
        for (var times = crash == CreditCrash.DiesUnheard ? 2 : 1; times > 0; times--)
        {
            var outcomes = await _store.ApplyAsync(new CreditBatch(batch, policy), CancellationToken.None);
            Assert.Equal(
                batch.ConvertAll(c => models[c.Account].Apply(c, clock.GetUtcNow())),
                [.. outcomes.Select(o => NaiveCredits.Answer.Of(o.Result!))]
            );
            if (crash != CreditCrash.None && reopen is not null)
            {
                _store = await reopen(_store);
            }
        }

        if (batch.Count > 0)
        {
            await TrimAsync(models);
            await VerifyAsync(models);
        }

        batch.Clear();
    }

    private async Task TrimAsync(Dictionary<AccountId, NaiveCredits> models)
    {
        if (_kept is not { } kept)
        {
            return;
        }

        var before = clock.GetUtcNow() - kept;
        var trimmed = await CreditRetentionConformance.TrimAsync(_store, before, _entriesPerStep);
        var folded = models.Values.Sum(m => m.Folded);
        foreach (var model in models.Values)
        {
            model.Trim(before);
        }

        // Other stories' accounts may be among what is trimmed.
        Assert.True(trimmed >= models.Values.Sum(m => m.Folded) - folded);
    }

    /// <summary>
    /// granted − spent − expired − revoked + restored = free + reserved − debt, nothing negative, no debt beside free credits, and
    /// whatever else a verdict looks at; and what is verified is what the model has.
    /// </summary>
    private async Task VerifyAsync(Dictionary<AccountId, NaiveCredits> models)
    {
        if (_store is not ICreditAudit audit)
        {
            return;
        }

        // The accounts of one story follow one another, and no other comes between.
        var before = models.Keys.Min().Owner;
        await using var page = await audit.ReadPageAsync(before, models.Count, CancellationToken.None);
        var log = (await page.ReadLogAsync(CancellationToken.None).ToListAsync()).ToLookup(l => l.Account);
        foreach (var account in page.Accounts)
        {
            var verdict = CreditVerification.Verify(account, log[account.Account]);
            Assert.True(verdict.IsClean, verdict.ToString());
        }

        foreach (var (id, model) in models)
        {
            var row = page.Accounts.SingleOrDefault(a => a.Account == id.Value)?.Row;
            Assert.Equal(
                (model.Free, model.Reserved, model.Debt, model.Log.Count),
                (row?.Free ?? 0, row?.Reserved ?? 0, row?.Debt ?? 0, row?.Sequence ?? 0)
            );
        }
    }
}
