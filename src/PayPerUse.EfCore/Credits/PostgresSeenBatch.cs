using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// The part of a batch whose accounts this host saw last, with the rules already applied. It holds only what was applied: whether
/// a refusal is right, and what an id was first answered, can only be told after reading, under the lock.
/// </summary>
internal sealed class PostgresSeenBatch
{
    private readonly ImmutableArray<CreditAccountChange> _changes;
    private readonly Dictionary<AccountId, SeenCreditAccount?> _seen;
    private readonly List<(int Place, CreditResult Result)> _applied;

    private PostgresSeenBatch(
        ImmutableArray<CreditAccountChange> changes,
        Dictionary<AccountId, SeenCreditAccount?> seen,
        List<(int Place, CreditResult Result)> applied
    )
    {
        _changes = changes;
        _seen = seen;
        _applied = applied;
    }

    /// <summary>Takes the accounts out of the recent ones and applies their commands; null when there is nothing to save this way.</summary>
    public static PostgresSeenBatch? Take(CreditBatch batch, PostgresRecentAccounts recent, DateTimeOffset now)
    {
        var seen = Find(batch, recent, now);
        var loaded = new List<LoadedCreditAccount>(seen.Count);
        foreach (var account in seen.Values)
        {
            if (account is { } known)
            {
                loaded.Add(new LoadedCreditAccount(known.Account, []));
            }
        }

        if (loaded.Count == 0)
        {
            return null;
        }

        // In ordinal order, in which the rows are then locked.
        loaded.Sort(static (a, b) => a.Account.Id.CompareTo(b.Account.Id));
        var (part, places) = loaded.Count == seen.Count ? (batch, null) : FindPart(batch, seen);
        var applied = part.Apply(loaded, now);
        var changes = applied.Accounts;
        if (!IsAllApplied(applied, loaded.Count))
        {
            LeaveOut(part, applied, seen);
            changes = changes.RemoveAll(c => seen[c.After.Id] is null);
        }

        var results = new List<(int, CreditResult)>(part.Commands.Length);
        for (var i = 0; i < part.Commands.Length; i++)
        {
            if (seen[part.Commands[i].Account] is not null)
            {
                results.Add((places is null ? i : places[i], applied.Results[i]));
            }
        }

        return changes.IsEmpty ? null : new PostgresSeenBatch(changes, seen, results);
    }

    /// <summary>One statement: it fails unless every account is as it was seen, and every id is new.</summary>
    public PostgresStatement ToStatement(PostgresSaveSql sql) =>
        PostgresChanges.ToStatement(_changes, sql, refusesKnownIds: true);

    /// <summary>Notes the results in the places of the whole batch.</summary>
    public void Answer(CreditOutcome[] outcomes)
    {
        foreach (var (place, result) in _applied)
        {
            outcomes[place] = CreditOutcome.Of(result);
        }
    }

    /// <summary>Puts the accounts back as they are now saved.</summary>
    public void PutBack(PostgresRecentAccounts recent, DateTimeOffset now, int epoch)
    {
        foreach (var change in _changes)
        {
            recent.Put(_seen[change.After.Id]!.Value with { Account = change.After }, now, epoch);
        }
    }

    private static Dictionary<AccountId, SeenCreditAccount?> Find(
        CreditBatch batch,
        PostgresRecentAccounts recent,
        DateTimeOffset now
    )
    {
        var seen = new Dictionary<AccountId, SeenCreditAccount?>(batch.Commands.Length);
        foreach (var command in batch.Commands)
        {
            ref var account = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, command.Account, out var isKnown);
            if (!isKnown)
            {
                account = recent.Take(command.Account, now);
            }

            if (account is { } known && !IsEnough(known.Account, command))
            {
                account = null;
            }
        }

        return seen;
    }

    /// <summary>Whether the command can be applied without reading more of the account.</summary>
    private static bool IsEnough(CreditAccount account, CreditCommand command) =>
        command.Kind switch
        {
            CreditCommandKind.Spend or CreditCommandKind.Reserve => true,
            CreditCommandKind.Commit or CreditCommandKind.Release or CreditCommandKind.Renew =>
                account.Reservations.ContainsKey(command.Id),
            _ => false,
        };

    private static (CreditBatch Part, List<int> Places) FindPart(
        CreditBatch batch,
        Dictionary<AccountId, SeenCreditAccount?> seen
    )
    {
        var places = new List<int>(batch.Commands.Length);
        for (var i = 0; i < batch.Commands.Length; i++)
        {
            if (seen[batch.Commands[i].Account] is not null)
            {
                places.Add(i);
            }
        }

        return (batch.With(places.Select(i => batch.Commands[i])), places);
    }

    private static bool IsAllApplied(CreditBatchChanges applied, int accounts)
    {
        foreach (var result in applied.Results)
        {
            if (result.Status != CreditStatus.Applied)
            {
                return false;
            }
        }

        return applied.Accounts.Length == accounts;
    }

    /// <summary>An account with a refusal, or without anything to save that would prove it unchanged, goes the other way whole.</summary>
    private static void LeaveOut(
        CreditBatch part,
        CreditBatchChanges applied,
        Dictionary<AccountId, SeenCreditAccount?> seen
    )
    {
        var changed = applied.Accounts.Select(c => c.After.Id).ToHashSet();
        for (var i = 0; i < part.Commands.Length; i++)
        {
            var account = part.Commands[i].Account;
            if (applied.Results[i].Status != CreditStatus.Applied || !changed.Contains(account))
            {
                seen[account] = null;
            }
        }
    }
}
