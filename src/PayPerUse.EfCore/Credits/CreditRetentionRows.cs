namespace PayPerUse.EfCore.Credits;

/// <summary>A row of <c>credit_checkpoints</c>: what the deleted log entries of an account came to.</summary>
internal sealed class CreditCheckpointRow
{
    public required string Account { get; set; }

    public long Sequence { get; set; }

    public long At { get; set; }

    public long Balance { get; set; }

    public long Spent { get; set; }

    public long Committed { get; set; }

    public long Expired { get; set; }

    public required string Free { get; set; }

    public required string Open { get; set; }
}

/// <summary>A row of <c>credit_known_ids</c>: the first result of an id that lives for ever, once its log entry is deleted.</summary>
internal sealed class CreditKnownIdRow
{
    public required string Account { get; set; }

    public required string OperationId { get; set; }

    public long Sequence { get; set; }

    public Guid Attempt { get; set; }

    public short Kind { get; set; }

    public required string Action { get; set; }

    public long Credits { get; set; }

    public long Balance { get; set; }

    public string? Target { get; set; }

    public long At { get; set; }
}

/// <summary>A row of <c>credit_walks</c>: how far a walk through all accounts has come, whichever host goes on with it.</summary>
internal sealed class CreditWalkRow
{
    public const int NameLength = 32;

    public required string Name { get; set; }

    /// <summary>The last account that was done; null when the walk is over.</summary>
    public string? WalkedTo { get; set; }

    public long BeganAt { get; set; }

    /// <summary>Until when a host may go on alone; 0 when none does.</summary>
    public long HeldUntil { get; set; }

    public long Version { get; set; }
}
