using CsCheck;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Testing;
using PayPerUse.Testing.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>Random stories, told to the rules and to a naive model: they must agree on every word.</summary>
public sealed class CreditModelTests
{
    private static readonly int Stories = LongRun.IsOn ? 60_000 : 3_000;

    [Fact]
    public void The_rules_agree_with_a_naive_model_after_every_step() =>
        Gen.Select(CreditScript.Story, CreditScript.Policy)
            .Sample((story, policy) => new Rules(policy).Tell(story), iter: Stories);

    [Fact]
    public async Task A_story_told_in_batches_to_a_store_ends_like_one_told_step_by_step() =>
        await Gen.Select(CreditScript.Story, CreditScript.Policy)
            .SampleAsync(
                async (story, policy) =>
                {
                    var clock = new FakeTimeProvider(CreditScript.Start);
                    await new CreditStoryteller(new InMemoryCreditStore(clock), clock).TellAsync(story, policy);
                },
                iter: Stories
            );

    /// <summary>The accounts of a story under the bare rules, each with its log, beside the naive model of each.</summary>
    private sealed class Rules(CreditPolicy policy)
    {
        private readonly Dictionary<AccountId, NaiveCredits> _models = CreditScript.Accounts.ToDictionary(
            a => a,
            a => new NaiveCredits(a, policy)
        );

        private readonly Dictionary<AccountId, CreditAccount> _accounts = CreditScript.Accounts.ToDictionary(
            a => a,
            CreditAccount.Empty
        );

        private readonly Dictionary<AccountId, List<CreditEntry>> _logs = CreditScript.Accounts.ToDictionary(
            a => a,
            _ => new List<CreditEntry>()
        );

        public void Tell(CreditStep[] story)
        {
            foreach (var turn in CreditScript.Tell(story))
            {
                if (turn.Command is null)
                {
                    Merge(turn.Account, turn.Target, turn.Now);
                }

                for (var command = turn.Command; command is not null; )
                {
                    var result = Apply(command, turn.Now);
                    command = CreditScript.Follow(command, result.MergedInto);
                }
            }
        }

        private CreditResult Apply(CreditCommand command, DateTimeOffset now)
        {
            var (id, before) = (command.Account, _accounts[command.Account]);
            var known = FindKnown(id, command.Id);
            var read = CreditRules.Settle(before, now, policy).Balance;
            var (result, change) = CreditRules.Apply(before, command, known, now, policy);
            Save(change);
            Assert.Equal(_models[id].Apply(command, now), NaiveCredits.Answer.Of(result));
            Check(id);
            if (result.Status is CreditStatus.InsufficientCredits or CreditStatus.RateLimited)
            {
                Assert.Equal(read, result.Balance);
            }

            Assert.True(before.MergedInto is null || ReferenceEquals(before, change.After));
            return result;
        }

        private void Merge(AccountId source, AccountId target, DateTimeOffset now)
        {
            var (from, to) = (_accounts[source], _accounts[target]);
            var known = from.Grants.Select(g => FindKnown(target, g.Id)).OfType<CreditEntry>().ToArray();
            var (result, closed, merged) = CreditMerge.Apply(
                from,
                new LoadedCreditAccount(to, known),
                Guid.NewGuid(),
                now,
                policy
            );
            Assert.Equal(NaiveCredits.Merge(_models[source], _models[target], now), result);
            Assert.Equal(result.Status == CreditMergeStatus.Merged, closed is not null && merged is not null);
            if (closed is null || merged is null)
            {
                return;
            }

            Save(closed);
            Save(merged);
            Check(source);
            Check(target);
            Assert.Equal((0, 0, 0), (closed.After.Free, closed.After.Reserved, closed.After.Debt));
            Assert.Equal(Moved(closed), -Moved(merged));
        }

        /// <summary>What a merge moved, besides what fell due first.</summary>
        private static long Moved(CreditAccountChange change) =>
            change
                .Entries.Where(e => e.Kind is not (CreditEntryKind.Lapse or CreditEntryKind.Expire))
                .Sum(e => e.Credits);

        private CreditEntry? FindKnown(AccountId account, string id) =>
            _logs[account].Find(e => e.IsIdempotencyKey && e.OperationId == id);

        private void Save(CreditAccountChange change)
        {
            _accounts[change.After.Id] = change.After;
            _logs[change.After.Id].AddRange(change.Entries);
        }

        private void Check(AccountId id)
        {
            CheckState(_models[id], _accounts[id]);
            Assert.Equal(_models[id].Log, _logs[id].Select(NaiveCredits.Line.Of));
            Assert.Equal(_models[id].MergedInto, _accounts[id].MergedInto);
        }
    }

    /// <summary>granted − spent − expired − revoked + restored ± merged = free + reserved − debt, and all that the model says.</summary>
    private static void CheckState(NaiveCredits naive, CreditAccount account)
    {
        Assert.Equal(
            (naive.Free, naive.Reserved, naive.Debt, naive.Log.Count),
            (account.Free, account.Reserved, account.Debt, account.Sequence)
        );
        Assert.Equal(
            naive.Grants.OrderBy(g => g.Id, StringComparer.Ordinal),
            account
                .Grants.Select(g => (g.Id, g.Free, g.Reserved, g.Revoked, g.UsableUntil))
                .OrderBy(g => g.Id, StringComparer.Ordinal)
        );
        Assert.True(account.Debt == 0 || account.Free == 0);
        var taken = account.Reservations.Values.Where(r => r.State == ReservationState.Committed).Sum(r => r.Committed);
        var net = naive
            .Log.Where(l =>
                l.Kind
                    is not (
                        CreditEntryKind.Reserve
                        or CreditEntryKind.Commit
                        or CreditEntryKind.Release
                        or CreditEntryKind.Lapse
                    )
            )
            .Sum(l => l.Credits);
        Assert.Equal(net - taken, account.Free + account.Reserved - account.Debt);
    }
}
