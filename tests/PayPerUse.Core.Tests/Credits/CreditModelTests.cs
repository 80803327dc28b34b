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
            .Sample(
                (story, policy) =>
                {
                    var model = CreditScript.Accounts.ToDictionary(a => a, _ => new NaiveCredits(policy));
                    var rules = CreditScript.Accounts.ToDictionary(a => a, CreditAccount.Empty);
                    var log = CreditScript.Accounts.ToDictionary(a => a, _ => new List<CreditEntry>());
                    foreach (var (now, command, _) in CreditScript.Tell(story))
                    {
                        var entries = log[command.Account];
                        var known = entries.Find(e => e.IsIdempotencyKey && e.OperationId == command.Id);
                        var naive = model[command.Account];
                        var read = CreditRules.Settle(rules[command.Account], now, policy).Balance;
                        var (result, change) = CreditRules.Apply(rules[command.Account], command, known, now, policy);
                        rules[command.Account] = change.After;
                        entries.AddRange(change.Entries);

                        Assert.Equal(naive.Apply(command, now), NaiveCredits.Answer.Of(result));
                        CheckState(naive, change.After);
                        Assert.Equal(naive.Log, entries.Select(NaiveCredits.Line.Of));
                        if (result.Status is CreditStatus.InsufficientCredits or CreditStatus.RateLimited)
                        {
                            Assert.Equal(read, result.Balance);
                        }
                    }
                },
                iter: Stories
            );

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

    /// <summary>granted − spent − expired − revoked + restored = free + reserved − debt, and all that the model says.</summary>
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
                    is CreditEntryKind.Grant
                        or CreditEntryKind.Spend
                        or CreditEntryKind.Expire
                        or CreditEntryKind.Revoke
                        or CreditEntryKind.Restore
            )
            .Sum(l => l.Credits);
        Assert.Equal(net - taken, account.Free + account.Reserved - account.Debt);
    }
}
