namespace PayPerUse.Credits;

/// <summary>How a command ended. Only <see cref="Applied"/> may run paid work.</summary>
public enum CreditStatus
{
    /// <summary>This attempt did it.</summary>
    Applied = 1,

    /// <summary>An earlier attempt had done it; the result is the first one, as stored.</summary>
    Replayed = 2,

    /// <summary>The balance is smaller than what is asked. Nothing was written.</summary>
    InsufficientCredits = 3,

    /// <summary>The account's rate window is full. Nothing was written; see <see cref="CreditResult.RetryAt"/>.</summary>
    RateLimited = 4,

    /// <summary>The id was used for another kind, action, number or target. Nothing was written.</summary>
    Conflict = 5,

    /// <summary>The command is malformed; <see cref="CreditResult.Error"/> names the field and the fix. Nothing was written.</summary>
    Invalid = 6,

    /// <summary>There is no such grant or reservation, or it belongs to another attempt. Nothing was written.</summary>
    NotFound = 7,

    /// <summary>The reservation's deadline passed and its credits went back. Nothing was written.</summary>
    Lapsed = 8,

    /// <summary>The reservation was already released, so it cannot be committed.</summary>
    AlreadyReleased = 9,

    /// <summary>The reservation was already committed, so it cannot be released or committed for another number.</summary>
    AlreadyCommitted = 10,

    /// <summary>More than what was reserved, granted or revoked. Nothing was written.</summary>
    ExceedsLimit = 11,

    /// <summary>
    /// The account is closed: it was merged into <see cref="CreditResult.MergedInto"/>. Nothing was written. Ids that it knows
    /// still answer their first result.
    /// </summary>
    Merged = 12,
}

/// <summary>What one command came to.</summary>
public sealed record CreditResult
{
    /// <summary>How it ended.</summary>
    public required CreditStatus Status { get; init; }

    /// <summary>The command's id.</summary>
    public required string OperationId { get; init; }

    /// <summary>Free credits minus debt after the command; of the first time when <see cref="CreditStatus.Replayed"/>.</summary>
    public required long Balance { get; init; }

    /// <summary>The number of credits the command moved: what was granted, taken, reserved, returned.</summary>
    public long Credits { get; init; }

    /// <summary>When it was applied, the first time; null when refused.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The reservation, for reserve, commit, release and renew.</summary>
    public CreditReservation? Reservation { get; init; }

    /// <summary>When the rate window ends, for <see cref="CreditStatus.RateLimited"/>.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Where the account's credits are now, for <see cref="CreditStatus.Merged"/>.</summary>
    public AccountId? MergedInto { get; init; }

    /// <summary>Which field is wrong and how to mend it, for <see cref="CreditStatus.Invalid"/>.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the command's effect stands, by this attempt or an earlier one.</summary>
    public bool Succeeded => Status is CreditStatus.Applied or CreditStatus.Replayed;
}
