using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>What a log entry records.</summary>
public enum CreditEntryKind
{
    /// <summary>Credits were granted.</summary>
    Grant = 1,

    /// <summary>Credits were spent at once.</summary>
    Spend = 2,

    /// <summary>Credits were set aside.</summary>
    Reserve = 3,

    /// <summary>A reservation was taken; credits are what returned of it.</summary>
    Commit = 4,

    /// <summary>A reservation was returned.</summary>
    Release = 5,

    /// <summary>Credits were taken back.</summary>
    Revoke = 6,

    /// <summary>Revoked credits were given back.</summary>
    Restore = 7,

    /// <summary>A reservation's deadline passed; it was returned. Its operation id is <c>lapse:{reservation}</c>.</summary>
    Lapse = 8,

    /// <summary>A grant's credits expired. Its operation id is <c>expire:{grant}</c>.</summary>
    Expire = 9,

    /// <summary>
    /// A grant came with an account that was merged into this one; credits are what was left of it. Its operation id is the
    /// grant's, which a later grant of that id must match.
    /// </summary>
    MergeIn = 10,

    /// <summary>The account was merged into another and closed: the last entry of its log. See <see cref="CreditMerge.IdOf"/>.</summary>
    MergeOut = 11,

    /// <summary>The debt of an account that was merged into this one. See <see cref="CreditMerge.IdOf"/>.</summary>
    MergeDebt = 12,
}

/// <summary>One line of an account's log: appended, never edited.</summary>
public sealed record CreditEntry
{
    /// <summary>The account's own counter, from 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The command's id, or <c>lapse:…</c>, <c>expire:…</c>.</summary>
    public required string OperationId { get; init; }

    /// <summary>The command's attempt; empty for what fell due.</summary>
    public required Guid Attempt { get; init; }

    /// <summary>What is recorded.</summary>
    public required CreditEntryKind Kind { get; init; }

    /// <summary>What it was for, or where it came from.</summary>
    public required string Action { get; init; }

    /// <summary>The change to the balance, signed. The sum of an account's entries is its balance.</summary>
    public required long Credits { get; init; }

    /// <summary>Free credits minus debt, after.</summary>
    public required long Balance { get; init; }

    /// <summary>
    /// The grant that a revoke or restore named; part of the fingerprint. Of <see cref="CreditEntryKind.MergeIn"/> what the grant
    /// was when it came, <c>credits-revoked@milliseconds</c>.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>What it did to the free credits of each grant, signed.</summary>
    public required ImmutableArray<GrantChange> Grants { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the id of this entry is a known id that a later command of the same id must match.</summary>
    public bool IsIdempotencyKey =>
        Kind
            is CreditEntryKind.Grant
                or CreditEntryKind.Spend
                or CreditEntryKind.Revoke
                or CreditEntryKind.Restore
                or CreditEntryKind.MergeIn
                or CreditEntryKind.MergeOut
                or CreditEntryKind.MergeDebt;
}
