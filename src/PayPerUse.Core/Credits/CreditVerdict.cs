using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>What verifying one account came to.</summary>
/// <param name="Account">The account as it is stored.</param>
/// <param name="Entries">How many log entries were read.</param>
/// <param name="Findings">What differs; empty when the account is right. At most a few of each kind, the last one counting the rest.</param>
public sealed record CreditVerdict(string Account, long Entries, ImmutableArray<CreditFinding> Findings)
{
    /// <summary>Whether nothing differs.</summary>
    public bool IsClean => Findings.IsEmpty;

    /// <inheritdoc />
    public override string ToString() =>
        IsClean ? $"{Account}: right" : $"{Account}: {string.Join("; ", Findings.Select(f => f.ToString()))}";
}

/// <summary>One thing that differs on an account.</summary>
/// <param name="Check">What was compared.</param>
/// <param name="Detail">What differs, with both numbers.</param>
public sealed record CreditFinding(CreditCheck Check, string Detail)
{
    /// <inheritdoc />
    public override string ToString() => $"{Check}: {Detail}";
}

/// <summary>What <see cref="CreditLedger.VerifyAsync"/> compares.</summary>
public enum CreditCheck
{
    /// <summary>Everything that is kept can be read.</summary>
    Readable = 1,

    /// <summary>What has a log, a grant or a reservation has a row.</summary>
    Row = 2,

    /// <summary>The log's sequence has no gap, no repetition, and ends where the row says.</summary>
    Sequence = 3,

    /// <summary>Each balance in the log is the one before it plus the entry's credits.</summary>
    Chain = 4,

    /// <summary>Each entry is one that the rules can write.</summary>
    Entry = 5,

    /// <summary>Time never runs backwards.</summary>
    Time = 6,

    /// <summary>An idempotency key stands for one entry.</summary>
    KnownId = 7,

    /// <summary>The row's balance is the log's.</summary>
    Balance = 8,

    /// <summary>Free credits are what the log left free, on the row and on each grant.</summary>
    Free = 9,

    /// <summary>Reserved credits are those of the open reservations, on the row and on each grant.</summary>
    Reserved = 10,

    /// <summary>Debt is what the log says, and while there is debt nothing is free.</summary>
    Debt = 11,

    /// <summary>The grants are those of the log, with their credits, source and what was revoked.</summary>
    Grant = 12,

    /// <summary>The open reservations are those of the log, with the grants they hold credits of.</summary>
    Reservation = 13,

    /// <summary>granted − spent − expired − revoked + restored + merged in − merged out = free + reserved − debt.</summary>
    Equation = 14,

    /// <summary>The checkpoint in place of the log's oldest entries adds up, and every id that it folded is still known.</summary>
    Checkpoint = 15,

    /// <summary>An account that says it was merged is closed in its log, by a merge into that account, and has nothing left.</summary>
    Merge = 16,
}
