namespace PayPerUse.EfCore.Credits;

/// <summary>A row of <c>user_credits</c>: one account. Instants are UTC milliseconds.</summary>
internal sealed class CreditAccountRow
{
    public required string Account { get; set; }

    public long Free { get; set; }

    public long Reserved { get; set; }

    public long Debt { get; set; }

    public long RateWindowStart { get; set; }

    public int RateCount { get; set; }

    public long LastTime { get; set; }

    public long Sequence { get; set; }

    public long Version { get; set; }

    /// <summary>The account that this one was merged into, and by that closed.</summary>
    public string? MergedInto { get; set; }
}

/// <summary>A row of <c>credit_grants</c>.</summary>
internal sealed class CreditGrantRow
{
    public required string Account { get; set; }

    public required string GrantId { get; set; }

    public required string Source { get; set; }

    public long Credits { get; set; }

    public long Free { get; set; }

    public long Reserved { get; set; }

    public long Revoked { get; set; }

    public long GrantedAt { get; set; }

    public long? ExpiresAt { get; set; }

    public long? UsableUntil { get; set; }

    /// <summary>Whether credits of it are free or reserved. Indexed in place of those numbers, which change with every spend.</summary>
    public bool IsLive { get; set; }
}

/// <summary>A row of <c>credit_reservations</c>: an id and its current reservation.</summary>
internal sealed class CreditReservationRow
{
    public required string Account { get; set; }

    public required string OperationId { get; set; }

    public Guid Attempt { get; set; }

    public required string Action { get; set; }

    public long Credits { get; set; }

    public long Committed { get; set; }

    public short State { get; set; }

    public long ReservedAt { get; set; }

    public long Deadline { get; set; }

    public long BalanceAfter { get; set; }

    public long BalanceAtEnd { get; set; }

    public long? EndedAt { get; set; }

    public required string Burns { get; set; }
}

/// <summary>A row of <c>usage_logs</c>: appended, never edited.</summary>
internal sealed class CreditEntryRow
{
    public required string Account { get; set; }

    public long Sequence { get; set; }

    public required string OperationId { get; set; }

    public Guid Attempt { get; set; }

    public short Kind { get; set; }

    public required string Action { get; set; }

    public long Credits { get; set; }

    public long Balance { get; set; }

    public string? Target { get; set; }

    public required string Grants { get; set; }

    public long At { get; set; }
}
