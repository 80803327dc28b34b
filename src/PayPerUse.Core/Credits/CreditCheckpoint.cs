using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>
/// What the oldest entries of an account's log came to, kept in their place when they are deleted, so that the account can still be
/// verified to the last credit and the ids that live for ever are still known.
/// </summary>
public sealed record CreditCheckpoint
{
    /// <summary>The sequence of the last entry that was folded; the log goes on with the next.</summary>
    public required long Sequence { get; init; }

    /// <summary>The time of that entry.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The balance after that entry.</summary>
    public required long Balance { get; init; }

    /// <summary>Credits that spends took, all told.</summary>
    public required long Spent { get; init; }

    /// <summary>Credits that commits took, all told.</summary>
    public required long Committed { get; init; }

    /// <summary>Credits that expired, all told.</summary>
    public required long Expired { get; init; }

    /// <summary>The free credits of each grant that had any, in ordinal order of the grants.</summary>
    public required ImmutableArray<GrantChange> Free { get; init; }

    /// <summary>The reserve entries of what was still open, in order of sequence.</summary>
    public required ImmutableArray<CreditEntry> Open { get; init; }

    /// <summary>
    /// The entries whose ids live for ever (grants, revokes, restores, merges), in order of sequence and without what they did to each
    /// grant. A batch that names such an id must load it as <see cref="LoadedCreditAccount.Known"/>.
    /// </summary>
    public required ImmutableArray<CreditEntry> Known { get; init; }

    /// <summary>Whether the id of an entry outlives the log.</summary>
    /// <param name="kind">The entry's kind.</param>
    public static bool LivesForEver(CreditEntryKind kind) =>
        kind
            is CreditEntryKind.Grant
                or CreditEntryKind.Revoke
                or CreditEntryKind.Restore
                or CreditEntryKind.MergeIn
                or CreditEntryKind.MergeOut
                or CreditEntryKind.MergeDebt;
}
