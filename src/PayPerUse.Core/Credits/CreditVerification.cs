using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PayPerUse.Credits;

/// <summary>Compares accounts with their logs. Every store is verified by this one comparison.</summary>
public static class CreditVerification
{
    /// <summary>Verifies every account, a page at a time.</summary>
    /// <param name="audit">What reads the store.</param>
    /// <param name="pageSize">How many accounts are read together; at least 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    public static async IAsyncEnumerable<CreditVerdict> VerifyAsync(
        ICreditAudit audit,
        int pageSize = 200,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        string? after = null;
        do
        {
            var page = await audit.ReadPageAsync(after, pageSize, cancellationToken).ConfigureAwait(false);
            await using (page.ConfigureAwait(false))
            {
                await foreach (var verdict in VerifyPageAsync(page, cancellationToken).ConfigureAwait(false))
                {
                    yield return verdict;
                }

                after = page.Next;
            }
        } while (after is not null);
    }

    /// <summary>Compares one account with its log.</summary>
    /// <param name="account">The account as it is kept.</param>
    /// <param name="log">Its whole log after its checkpoint, in order of sequence.</param>
    public static CreditVerdict Verify(CreditAuditAccount account, IEnumerable<CreditAuditLine> log)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(log);
        var running = new Running(account.Checkpoint);
        foreach (var line in log)
        {
            running.Tally.Add(line);
        }

        return running.Finish(account);
    }

    private static async IAsyncEnumerable<CreditVerdict> VerifyPageAsync(
        ICreditAuditPage page,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Logs come account by account, in whatever order the store compares text.
        var waiting = page.Accounts.ToDictionary(a => a.Account, StringComparer.Ordinal);
        Running? running = null;
        string name = "";
        await foreach (var line in page.ReadLogAsync(cancellationToken).ConfigureAwait(false))
        {
            if (running is null || !string.Equals(name, line.Account, StringComparison.Ordinal))
            {
                if (running is not null)
                {
                    yield return running.Finish(Take(name));
                }

                name = line.Account;
                running = new Running(waiting.GetValueOrDefault(name)?.Checkpoint);
            }

            if (line.Anew is { } anew)
            {
                waiting[name] = anew;
                running = new Running(anew.Checkpoint);
                continue;
            }

            running.Tally.Add(line);
        }

        if (running is not null)
        {
            yield return running.Finish(Take(name));
        }

        foreach (var account in page.Accounts.Where(a => waiting.ContainsKey(a.Account)))
        {
            yield return new Running(account.Checkpoint).Finish(account);
        }

        CreditAuditAccount Take(string account) =>
            waiting.Remove(account, out var found) ? found : new CreditAuditAccount(account);
    }

    private static void Compare(CreditAuditAccount account, CreditTally tally, CreditFindings findings)
    {
        foreach (var oddity in account.Oddities)
        {
            findings.Add(CreditCheck.Readable, $"{oddity}");
        }

        foreach (var id in account.RepeatedIds)
        {
            findings.Add(CreditCheck.KnownId, $"id {id} stands for more than one entry of the log");
        }

        CompareReservations(account, tally, findings);
        CompareGrants(account, tally, findings);
        if (account.Row is not { } row)
        {
            findings.Add(
                CreditCheck.Row,
                $"there is no row, but {tally.Entries} log entries and {account.Grants.Length} grants"
            );
            return;
        }

        var open = Total(account.Open.Select(r => r.Credits));
        findings.Expect(CreditCheck.Sequence, "the row's sequence", row.Sequence, "the log ends at", tally.Sequence);
        findings.Expect(CreditCheck.Balance, "the row's balance", row.Balance, "the log ends with", tally.Balance);
        findings.Expect(CreditCheck.Free, "the row's free", row.Free, "the log leaves", tally.Free);
        findings.Expect(
            CreditCheck.Free,
            "the row's free",
            row.Free,
            "its grants have",
            Total(account.Grants.Select(g => g.Free))
        );
        findings.Expect(CreditCheck.Reserved, "the row's reserved", row.Reserved, "open reservations hold", open);
        findings.Expect(
            CreditCheck.Reserved,
            "the row's reserved",
            row.Reserved,
            "its grants have",
            Total(account.Grants.Select(g => g.Reserved))
        );
        findings.Expect(CreditCheck.Debt, "the row's debt", row.Debt, "the log leaves", tally.Debt);
        findings.Expect(
            CreditCheck.Equation,
            "free + reserved − debt",
            row.Free + row.Reserved - row.Debt,
            "granted − spent − expired − revoked + restored ± merged is",
            tally.Worth
        );
        CompareMerge(row, tally, findings);
        if (row.Debt > 0 && row.Free > 0)
        {
            findings.Add(CreditCheck.Debt, $"{row.Free} are free while there is a debt of {row.Debt}");
        }

        ExpectPositive(findings, CreditCheck.Free, "the row's free", row.Free);
        ExpectPositive(findings, CreditCheck.Reserved, "the row's reserved", row.Reserved);
        ExpectPositive(findings, CreditCheck.Debt, "the row's debt", row.Debt);
        if (row.LastTime < tally.LastTime)
        {
            findings.Add(
                CreditCheck.Time,
                $"the row's last time {row.LastTime:O} is before the log's {tally.LastTime:O}"
            );
        }
    }

    private static void CompareMerge(CreditAccount row, CreditTally tally, CreditFindings findings)
    {
        var expected = row.MergedInto is { } target ? CreditMerge.IdOf(row.Id, target) : null;
        if (!string.Equals(expected, tally.ClosedBy, StringComparison.Ordinal))
        {
            findings.Add(
                CreditCheck.Merge,
                $"the row is {(row.MergedInto is { } into ? $"merged into {into} ({expected})" : "open")}, but the log is {(tally.ClosedBy is { } by ? $"closed by {by}" : "open")}"
            );
        }
    }

    private static void CompareGrants(CreditAuditAccount account, CreditTally tally, CreditFindings findings)
    {
        var held = account
            .Open.SelectMany(r => r.Burns)
            .GroupBy(b => b.GrantId, StringComparer.Ordinal)
            .ToDictionary(b => b.Key, b => Total(b.Select(c => c.Credits)), StringComparer.Ordinal);
        var kept = account.Grants.Select(g => g.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in tally.Grants.Keys.Concat(held.Keys).Distinct().Where(id => !kept.Contains(id)))
        {
            findings.Add(CreditCheck.Grant, $"grant {id} is missing");
        }

        foreach (var grant in account.Grants)
        {
            var name = $"grant {grant.Id}: ";
            findings.Expect(
                CreditCheck.Reserved,
                name + "reserved",
                grant.Reserved,
                "open reservations hold",
                held.GetValueOrDefault(grant.Id)
            );
            ExpectPositive(findings, CreditCheck.Free, name + "free", grant.Free);
            ExpectPositive(findings, CreditCheck.Reserved, name + "reserved", grant.Reserved);
            if (grant.Revoked < 0 || grant.Revoked > grant.Credits)
            {
                findings.Add(CreditCheck.Grant, $"grant {grant.Id}: {grant.Revoked} revoked of {grant.Credits}");
            }

            if (grant.ExpiresAt is null ? grant.UsableUntil is not null : !(grant.UsableUntil >= grant.ExpiresAt))
            {
                findings.Add(
                    CreditCheck.Grant,
                    $"grant {grant.Id}: usable until {grant.UsableUntil:O}, though it expires at {grant.ExpiresAt:O}"
                );
            }

            if (!tally.Grants.TryGetValue(grant.Id, out var logged))
            {
                findings.Add(CreditCheck.Grant, $"grant {grant.Id} is not in the log");
                continue;
            }

            findings.Expect(CreditCheck.Grant, name + "credits", grant.Credits, "the log granted", logged.Credits);
            findings.Expect(CreditCheck.Grant, name + "revoked", grant.Revoked, "the log revoked", logged.Revoked);
            findings.Expect(CreditCheck.Free, name + "free", grant.Free, "the log leaves", logged.Free);
            if (
                !string.Equals(grant.Source, logged.Source, StringComparison.Ordinal)
                || grant.GrantedAt != logged.GrantedAt
            )
            {
                findings.Add(
                    CreditCheck.Grant,
                    $"grant {grant.Id}: {grant.Source} at {grant.GrantedAt:O}, but the log has {logged.Source} at {logged.GrantedAt:O}"
                );
            }
        }
    }

    private static void CompareReservations(CreditAuditAccount account, CreditTally tally, CreditFindings findings)
    {
        var kept = account.Open.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (id, reserve) in tally.Open.Where(o => !kept.Contains(o.Key)))
        {
            findings.Add(
                CreditCheck.Reservation,
                $"reservation {id} is not open, but the log never ended its {-reserve.Credits} credits"
            );
        }

        foreach (var reservation in account.Open)
        {
            if (!tally.Open.TryGetValue(reservation.Id, out var reserve))
            {
                findings.Add(
                    CreditCheck.Reservation,
                    $"reservation {reservation.Id} is open with {reservation.Credits} credits, but not in the log"
                );
                continue;
            }

            findings.Expect(
                CreditCheck.Reservation,
                $"reservation {reservation.Id}: credits",
                reservation.Credits,
                "the log reserved",
                -reserve.Credits
            );
            if (
                reservation.Attempt != reserve.Attempt
                || reservation.ReservedAt != reserve.At
                || !string.Equals(reservation.Action, reserve.Action, StringComparison.Ordinal)
            )
            {
                findings.Add(
                    CreditCheck.Reservation,
                    $"reservation {reservation.Id} is not the attempt, time or action of entry {reserve.Sequence}"
                );
            }

            if (!reservation.Burns.SequenceEqual(reserve.Grants.Select(g => g with { Credits = -g.Credits })))
            {
                findings.Add(
                    CreditCheck.Reservation,
                    $"reservation {reservation.Id} holds {Tell(reservation.Burns)}, but entry {reserve.Sequence} took {Tell(reserve.Grants)}"
                );
            }
        }
    }

    private static void ExpectPositive(CreditFindings findings, CreditCheck check, string what, long found)
    {
        if (found < 0)
        {
            findings.Add(check, $"{what} is {found}");
        }
    }

    // Wrong numbers may be so wrong that they do not add up in 64 bits; that must be told, not thrown.
    private static long Total(IEnumerable<long> numbers) => numbers.Aggregate(0L, (a, b) => unchecked(a + b));

    private static string Tell(ImmutableArray<GrantChange> changes) =>
        string.Join(", ", changes.Select(c => FormattableString.Invariant($"{c.Credits} of {c.GrantId}")));

    private sealed class Running
    {
        private readonly CreditFindings _findings = new();

        public Running(CreditCheckpoint? checkpoint) => Tally = new CreditTally(_findings, checkpoint);

        public CreditTally Tally { get; }

        public CreditVerdict Finish(CreditAuditAccount account)
        {
            Compare(account, Tally, _findings);
            return new CreditVerdict(account.Account, Tally.Entries, _findings.ToArray());
        }
    }
}
