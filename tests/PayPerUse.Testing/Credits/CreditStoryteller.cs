using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>
/// Tells random stories to a store, batch by batch, with merges, crashes and retries, and to the naive model: they must agree. After
/// every batch and every merge each account is verified, which recomputes the design's invariant from the log.
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
    private readonly Dictionary<AccountId, NaiveCredits> _models = [];

    // Of accounts that are closed: nothing but retention touches them any more.
    private readonly Dictionary<AccountId, long> _closedAt = [];

    private ICreditStore _store = store;
    private CreditPolicy _policy = CreditPolicy.Default;
    private TimeSpan? _kept;
    private int _entriesPerStep;

    /// <summary>How many merges were done.</summary>
    public int Merges { get; private set; }

    /// <summary>Tells one story about accounts of its own.</summary>
    /// <param name="story">The story.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="kept">How much of the log is kept: after each batch the rest is trimmed. Null trims nothing.</param>
    /// <param name="entriesPerStep">How many entries a step of trimming takes.</param>
    public async Task TellAsync(CreditStep[] story, CreditPolicy policy, TimeSpan? kept = null, int entriesPerStep = 1)
    {
        (_policy, _kept, _entriesPerStep) = (policy, kept, entriesPerStep);
        _models.Clear();
        _closedAt.Clear();
        var name = "story-" + Guid.NewGuid().ToString("N");
        AccountId[] accounts = [new(name + "-anna"), new(name + "-bert"), new(name + "-cleo")];
        foreach (var account in accounts)
        {
            _models.Add(account, new NaiveCredits(account, policy));
        }

        var batch = new List<CreditCommand>();
        clock.AdjustTime(CreditScript.Start);
        foreach (var turn in CreditScript.Tell(story, accounts))
        {
            if (turn.Now != clock.GetUtcNow() || turn.Command is null)
            {
                await SendAsync(batch, CreditCrash.None);
                clock.AdjustTime(turn.Now);
            }

            if (turn.Command is null)
            {
                await MergeAsync(turn.Account, turn.Target, turn.Step.Crash);
                continue;
            }

            batch.Add(turn.Command);
            if (turn.Step.EndsBatch)
            {
                await SendAsync(batch, turn.Step.Crash);
            }
        }

        await SendAsync(batch, CreditCrash.None);
        foreach (var (account, model) in _models)
        {
            var entries = await _store.ReadHistoryAsync(account, null, 1000, CancellationToken.None);
            Assert.Equal(model.Log.Skip(model.Folded), entries.Reverse().Select(NaiveCredits.Line.Of));
            model.Apply(CreditCommand.Settle(account), clock.GetUtcNow());
            var read = await _store.ReadBalanceAsync(account, policy, CancellationToken.None);
            Assert.Equal(
                (model.Balance, model.Reserved, model.MergedInto),
                (read.Balance, read.Reserved, read.MergedInto)
            );
        }
    }

    /// <summary>Sends a batch; what payments would send on to the account that has the credits of a merged one is the next.</summary>
    private async Task SendAsync(List<CreditCommand> batch, CreditCrash crash)
    {
        while (batch.Count > 0)
        {
            var following = new List<CreditCommand>();
            for (var times = crash == CreditCrash.DiesUnheard ? 2 : 1; times > 0; times--)
            {
                var outcomes = await _store.ApplyAsync(new CreditBatch(batch, _policy), CancellationToken.None);
                var answers = outcomes.Select(o => NaiveCredits.Answer.Of(o.Result!)).ToArray();
                Assert.Equal(batch.Select(c => _models[c.Account].Apply(c, clock.GetUtcNow())), answers);
                following =
                [
                    .. batch.Zip(answers, (c, a) => CreditScript.Follow(c, a.MergedInto)).OfType<CreditCommand>(),
                ];
                await CrashAsync(crash);
            }

            await TrimAsync();
            await VerifyAsync();
            batch.Clear();
            batch.AddRange(following);
        }
    }

    private async Task MergeAsync(AccountId source, AccountId target, CreditCrash crash)
    {
        if (_store is not ICreditMerger)
        {
            return;
        }

        for (var times = crash == CreditCrash.DiesUnheard ? 2 : 1; times > 0; times--)
        {
            var result = await ((ICreditMerger)_store).MergeAsync(source, target, _policy, CancellationToken.None);
            Assert.Equal(NaiveCredits.Merge(_models[source], _models[target], clock.GetUtcNow()), result);
            Merges += result.Status == CreditMergeStatus.Merged ? 1 : 0;
            await CrashAsync(crash);
        }

        await TrimAsync();
        await VerifyAsync();
    }

    private async Task CrashAsync(CreditCrash crash)
    {
        if (crash != CreditCrash.None && reopen is not null)
        {
            _store = await reopen(_store);
        }
    }

    private async Task TrimAsync()
    {
        if (_kept is not { } kept)
        {
            return;
        }

        var before = clock.GetUtcNow() - kept;
        var trimmed = await CreditRetentionConformance.TrimAsync(_store, before, _entriesPerStep);
        var folded = _models.Values.Sum(m => m.Folded);
        foreach (var model in _models.Values)
        {
            model.Trim(before);
        }

        // Other stories' accounts may be among what is trimmed.
        Assert.True(trimmed >= _models.Values.Sum(m => m.Folded) - folded);
    }

    /// <summary>
    /// granted − spent − expired − revoked + restored ± merged = free + reserved − debt, nothing negative, no debt beside free credits,
    /// and whatever else a verdict looks at; and what is verified is what the model has.
    /// </summary>
    private async Task VerifyAsync()
    {
        if (_store is not ICreditAudit audit)
        {
            return;
        }

        // The accounts of one story follow one another, and no other comes between. A page may end before it has them all.
        var accounts = new List<CreditAuditAccount>();
        string? after = _models.Keys.Min().Owner;
        while (after is not null && accounts.Count < _models.Count)
        {
            await using var page = await audit.ReadPageAsync(after, _models.Count, CancellationToken.None);
            var log = (await page.ReadLogAsync(CancellationToken.None).ToListAsync()).ToLookup(l => l.Account);
            foreach (var account in page.Accounts)
            {
                var verdict = CreditVerification.Verify(account, log[account.Account]);
                Assert.True(verdict.IsClean, verdict.ToString());
            }

            accounts.AddRange(page.Accounts);
            after = page.Next;
        }

        foreach (var (id, model) in _models)
        {
            Compare(model, accounts.SingleOrDefault(a => a.Account == id.Value));
        }
    }

    private void Compare(NaiveCredits model, CreditAuditAccount? account)
    {
        var row = account?.Row;
        Assert.Equal(
            (model.Free, model.Reserved, model.Debt, model.Log.Count, model.MergedInto),
            (row?.Free ?? 0, row?.Reserved ?? 0, row?.Debt ?? 0, row?.Sequence ?? 0, row?.MergedInto)
        );
        Assert.Equal(
            model.Grants.OrderBy(g => g.Id, StringComparer.Ordinal),
            (account?.Grants ?? [])
                .Select(g => (g.Id, g.Free, g.Reserved, g.Revoked, g.UsableUntil))
                .OrderBy(g => g.Id, StringComparer.Ordinal)
        );
        if (row is { MergedInto: not null } && _kept is null)
        {
            _closedAt.TryAdd(row.Id, row.Version);
            Assert.Equal(_closedAt[row.Id], row.Version);
        }
    }
}
