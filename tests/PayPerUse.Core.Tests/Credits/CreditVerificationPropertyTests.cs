using CsCheck;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>After any story, trimmed or not, an account is right; with any one number changed it is not.</summary>
public sealed class CreditVerificationPropertyTests
{
    [Fact]
    public async Task Any_one_number_changed_after_any_story_is_found() =>
        await Gen.Select(CreditScript.Story, CreditScript.Policy, Gen.Int[0, 1_000_000], Gen.Int[-1, 20_000])
            .SampleAsync(
                async (story, policy, choice, trimmedMinutes) =>
                {
                    var trimmed = CreditScript.Start.AddMinutes(trimmedMinutes);
                    foreach (var (account, log) in await TellAsync(story, policy, trimmed))
                    {
                        Assert.True(CreditVerification.Verify(account, log).IsClean);
                        var wrongs = Wrongs(account, log).ToArray();
                        var (what, wrongAccount, wrongLog) = wrongs[choice % wrongs.Length];
                        Assert.False(CreditVerification.Verify(wrongAccount, wrongLog).IsClean, what);
                    }
                },
                iter: 3_000
            );

    private static async Task<List<(CreditAuditAccount, CreditAuditLine[])>> TellAsync(
        CreditStep[] story,
        CreditPolicy policy,
        DateTimeOffset trimmed
    )
    {
        var clock = new FakeTimeProvider(CreditScript.Start);
        var store = new InMemoryCreditStore(clock);
        foreach (var turn in CreditScript.Tell(story))
        {
            clock.AdjustTime(turn.Now);
            await (
                turn.Command is { } command
                    ? store.ApplyAsync(new CreditBatch([command], policy), CancellationToken.None)
                    : (Task)store.MergeAsync(turn.Account, turn.Target, policy, CancellationToken.None)
            );
        }

        await store.TrimAsync(new CreditTrimOrder(trimmed), CancellationToken.None);
        await using var page = await store.ReadPageAsync(null, 10, CancellationToken.None);
        var log = (await page.ReadLogAsync(CancellationToken.None).ToListAsync()).ToLookup(l => l.Account);
        return [.. page.Accounts.Select(a => (a, log[a.Account].ToArray()))];
    }

    private static IEnumerable<(string What, CreditAuditAccount Account, CreditAuditLine[] Log)> Wrongs(
        CreditAuditAccount account,
        CreditAuditLine[] log
    )
    {
        var row = account.Row!;
        yield return ("free", account with { Row = row with { Free = row.Free + 1 } }, log);
        yield return (
            "free and debt",
            account with
            {
                Row = row with { Free = row.Free + 1, Debt = row.Debt + 1 },
            },
            log
        );
        yield return ("reserved", account with { Row = row with { Reserved = row.Reserved - 1 } }, log);
        yield return ("debt", account with { Row = row with { Debt = row.Debt + 1 } }, log);
        yield return ("sequence", account with { Row = row with { Sequence = row.Sequence + 1 } }, log);
        yield return ("merged into", account with { Row = row with { MergedInto = new AccountId("nobody") } }, log);
        if (row.MergedInto is not null)
        {
            yield return ("open again", account with { Row = row with { MergedInto = null } }, log);
        }

        foreach (var grant in account.Grants)
        {
            yield return ("grant lost", account with { Grants = account.Grants.Remove(grant) }, log);
            yield return ("grant free", With(grant with { Free = grant.Free + 1 }), log);
            yield return ("grant reserved", With(grant with { Reserved = grant.Reserved + 1 }), log);
            yield return ("grant revoked", With(grant with { Revoked = grant.Revoked + 1 }), log);
            yield return ("grant credits", With(grant with { Credits = grant.Credits + 1 }), log);

            CreditAuditAccount With(CreditGrant wrong) =>
                account with
                {
                    Grants = account.Grants.Replace(grant, wrong),
                };
        }

        foreach (var open in account.Open)
        {
            yield return ("reservation lost", account with { Open = account.Open.Remove(open) }, log);
            yield return ("reservation credits", With(open with { Credits = open.Credits + 1 }), log);
            yield return ("reservation attempt", With(open with { Attempt = Guid.NewGuid() }), log);
            yield return ("reservation burns", With(open with { Burns = [] }), log);

            CreditAuditAccount With(CreditReservation wrong) =>
                account with
                {
                    Open = account.Open.Replace(open, wrong),
                };
        }

        foreach (var (what, wrong) in account.Checkpoint is { } checkpoint ? Wrongs(checkpoint) : [])
        {
            yield return (what, account with { Checkpoint = wrong }, log);
        }

        for (var i = 0; i < log.Length; i++)
        {
            var entry = log[i].Entry!;
            yield return ($"entry {i} lost", account, [.. log[..i], .. log[(i + 1)..]]);
            yield return ($"entry {i} twice", account, [.. log[..(i + 1)], .. log[i..]]);
            yield return ($"entry {i} credits", account, Put(i, entry with { Credits = entry.Credits + 1 }));
            yield return ($"entry {i} balance", account, Put(i, entry with { Balance = entry.Balance - 1 }));
            yield return ($"entry {i} unread", account, [.. log[..i], log[i] with { Entry = null }, .. log[(i + 1)..]]);
            if (!entry.Grants.IsEmpty)
            {
                yield return ($"entry {i} grants", account, Put(i, entry with { Grants = [] }));
            }
        }

        CreditAuditLine[] Put(int index, CreditEntry wrong) =>
            [.. log[..index], log[index] with { Entry = wrong }, .. log[(index + 1)..]];
    }

    private static IEnumerable<(string What, CreditCheckpoint? Checkpoint)> Wrongs(CreditCheckpoint right)
    {
        yield return ("checkpoint lost", null);
        yield return ("checkpoint sequence", right with { Sequence = right.Sequence + 1 });
        yield return ("checkpoint sequence", right with { Sequence = right.Sequence - 1 });
        yield return ("checkpoint balance", right with { Balance = right.Balance + 1 });
        yield return ("checkpoint spent", right with { Spent = right.Spent + 1 });
        yield return ("checkpoint committed", right with { Committed = right.Committed + 1 });
        yield return ("checkpoint expired", right with { Expired = right.Expired - 1 });
        foreach (var free in right.Free)
        {
            yield return ("checkpoint grant lost", right with { Free = right.Free.Remove(free) });
            yield return (
                "checkpoint grant free",
                right with
                {
                    Free = right.Free.Replace(free, free with { Credits = free.Credits + 1 }),
                }
            );
        }

        foreach (var open in right.Open)
        {
            yield return ("checkpoint reserve lost", right with { Open = right.Open.Remove(open) });
            yield return (
                "checkpoint reserve credits",
                right with
                {
                    Open = right.Open.Replace(open, open with { Credits = open.Credits - 1 }),
                }
            );
        }

        foreach (var known in right.Known)
        {
            yield return ("known id lost", right with { Known = right.Known.Remove(known) });
            yield return ("known id twice", right with { Known = right.Known.Add(known) });
            yield return (
                "known id credits",
                right with
                {
                    Known = right.Known.Replace(known, known with { Credits = known.Credits + 1 }),
                }
            );
        }
    }
}
