using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace PayPerUse.Credits;

/// <summary>
/// Merges one account into another, as one pure function: the source stays, closed and empty; its grants go on in the target
/// under their own ids, so that what was paid for can still be refunded there.
/// </summary>
public static class CreditMerge
{
    /// <summary>Merges, after what is due on both accounts by now.</summary>
    /// <param name="source">
    /// The account to close, with all of its grants, used up or not, and its open reservations; empty when it has no row.
    /// </param>
    /// <param name="target">
    /// The account that takes it over, loaded as a batch of grants with the ids of the source's grants would load it; empty when
    /// it has no row.
    /// </param>
    /// <param name="attempt">Tells this merge from a repetition.</param>
    /// <param name="now">The host's clock; the later of the two accounts' last times is used when that is later.</param>
    /// <param name="policy">The numbers to follow.</param>
    /// <returns>What it came to, and both accounts' changes, to be saved in one transaction: none when it was refused.</returns>
    /// <exception cref="ArgumentException">The accounts are the same, or hold different types of credits.</exception>
    public static CreditMergeTransition Apply(
        CreditAccount source,
        LoadedCreditAccount target,
        Guid attempt,
        DateTimeOffset now,
        CreditPolicy policy
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(policy);
        Demand(source.Id, target.Account.Id);
        if (source.MergedInto is { } into)
        {
            return Refuse(
                into == target.Account.Id ? CreditMergeStatus.AlreadyMerged : CreditMergeStatus.SourceClosed,
                into
            );
        }

        if (target.Account.MergedInto is { } beyond)
        {
            return Refuse(CreditMergeStatus.TargetClosed, beyond);
        }

        var from = new CreditAccountDraft(source, policy);
        var to = new CreditAccountDraft(target.Account, policy);
        var at = from.TimeAt(now) is var one && to.TimeAt(now) is var other && one > other ? one : other;
        from.SettleDue(at);
        if (from.IsReserved)
        {
            return Refuse(CreditMergeStatus.ReservationsOpen, null);
        }

        to.SettleDue(at);
        Move(from, to, target, attempt, at);

        // What came over may have expired by the target's clock.
        to.SettleDue(at);
        return new CreditMergeTransition(
            new CreditMergeResult(CreditMergeStatus.Merged, target.Account.Id),
            from.ToChange(),
            to.ToHeldChange()
        );
    }

    /// <summary>The id of the entries that close the source and take its debt over: made of both accounts, so that it is the same on every try.</summary>
    /// <param name="source">The account that is closed.</param>
    /// <param name="target">The account that takes it over.</param>
    public static string IdOf(AccountId source, AccountId target) => HashOf("account", source, target.Value);

    internal static void Demand(AccountId source, AccountId target)
    {
        if (source.IsDefault || target.IsDefault)
        {
            throw new ArgumentException("An account is missing; make it with new AccountId(owner).", nameof(source));
        }

        if (source == target)
        {
            throw new ArgumentException($"{source} cannot be merged into itself.", nameof(target));
        }

        if (!string.Equals(source.Type, target.Type, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"{source} holds {source.Type} and {target} holds {target.Type}; only accounts of one type can be merged.",
                nameof(target)
            );
        }
    }

    private static void Move(
        CreditAccountDraft from,
        CreditAccountDraft to,
        LoadedCreditAccount target,
        Guid attempt,
        DateTimeOffset at
    )
    {
        var id = IdOf(from.Id, to.Id);
        var known = target.Known.Select(k => k.OperationId).ToHashSet(StringComparer.Ordinal);
        foreach (var grant in from.Grants)
        {
            // Ids belong to an account: what the target knows by this one is something else.
            var isTaken =
                known.Contains(grant.Id)
                || to.FindGrant(grant.Id) is not null
                || to.FindReservation(grant.Id) is not null;
            to.MergeIn(grant, isTaken ? HashOf("grant", from.Id, grant.Id) : grant.Id, attempt, at);
        }

        if (from.Debt > 0)
        {
            to.MergeDebt(from.Debt, id, attempt, at);
        }

        from.Close(to.Id, id, attempt, at);
    }

    private static string HashOf(string what, AccountId source, string name) =>
        "merge:"
        + Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{source.Value}\n{name}")).AsSpan(0, 16)
        );

    private static CreditMergeTransition Refuse(CreditMergeStatus status, AccountId? into) =>
        new(new CreditMergeResult(status, into), null, null);
}

/// <summary>What a merge came to and what it changed.</summary>
/// <param name="Result">The result.</param>
/// <param name="Source">What to save of the source; null when nothing was merged.</param>
/// <param name="Target">What to save of the target, a row without anything else included; null when nothing was merged.</param>
public sealed record CreditMergeTransition(
    CreditMergeResult Result,
    CreditAccountChange? Source,
    CreditAccountChange? Target
);

/// <summary>How a merge ended.</summary>
public enum CreditMergeStatus
{
    /// <summary>The source is closed and the target has its credits.</summary>
    Merged = 1,

    /// <summary>That had been done before. Nothing was written.</summary>
    AlreadyMerged = 2,

    /// <summary>Work is running on the source: its reservations end soon; try again. Nothing was written.</summary>
    ReservationsOpen = 3,

    /// <summary>The source was merged into another account. Nothing was written.</summary>
    SourceClosed = 4,

    /// <summary>The target was itself merged into another account; merge into that one. Nothing was written.</summary>
    TargetClosed = 5,
}

/// <summary>What a merge came to.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="MergedInto">Where the credits of the account that is closed are; null when neither is closed.</param>
public sealed record CreditMergeResult(CreditMergeStatus Status, AccountId? MergedInto)
{
    /// <summary>Whether the source's credits are the target's, by this call or an earlier one.</summary>
    public bool Succeeded => Status is CreditMergeStatus.Merged or CreditMergeStatus.AlreadyMerged;
}
