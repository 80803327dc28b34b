using System.Data.Common;

namespace PayPerUse.EfCore.Credits;

/// <summary>Reads rows in the order in which the dialects select their columns.</summary>
internal static class DbValues
{
    public const string AccountColumns =
        "account, free, reserved, debt, rate_window_start, rate_count, last_time, sequence, version";

    /// <summary>All of a row; <c>merged_into</c> is written by merges alone.</summary>
    public const string AccountRowColumns = AccountColumns + ", merged_into";

    public const string GrantColumns =
        "account, grant_id, source, credits, free, reserved, revoked, granted_at, expires_at, usable_until, is_live";

    public const string ReservationColumns =
        "account, operation_id, attempt, action, credits, committed, state, reserved_at, deadline, balance_after, balance_at_end, ended_at, burns";

    public const string EntryColumns =
        "account, sequence, operation_id, attempt, kind, action, credits, balance, target, grants, at";

    public const string CheckpointColumns =
        "account, sequence, at, balance, spent, committed, expired, free_grants, open_reserves";

    public const string KnownIdColumns =
        "account, operation_id, sequence, attempt, kind, action, credits, balance, target, at";

    /// <summary>A known id in the columns of the log entry that it was.</summary>
    public const string KnownIdAsEntryColumns =
        "account, sequence, operation_id, attempt, kind, action, credits, balance, target, '[]' AS grants, at";

    public static CreditAccountRow ReadAccount(DbDataReader reader) =>
        new()
        {
            Account = reader.GetString(0),
            Free = reader.GetInt64(1),
            Reserved = reader.GetInt64(2),
            Debt = reader.GetInt64(3),
            RateWindowStart = reader.GetInt64(4),
            RateCount = reader.GetInt32(5),
            LastTime = reader.GetInt64(6),
            Sequence = reader.GetInt64(7),
            Version = reader.GetInt64(8),
            MergedInto = reader.IsDBNull(9) ? null : reader.GetString(9),
        };

    public static CreditGrantRow ReadGrant(DbDataReader reader) =>
        new()
        {
            Account = reader.GetString(0),
            GrantId = reader.GetString(1),
            Source = reader.GetString(2),
            Credits = reader.GetInt64(3),
            Free = reader.GetInt64(4),
            Reserved = reader.GetInt64(5),
            Revoked = reader.GetInt64(6),
            GrantedAt = reader.GetInt64(7),
            ExpiresAt = GetInt64OrNull(reader, 8),
            UsableUntil = GetInt64OrNull(reader, 9),
            IsLive = reader.GetBoolean(10),
        };

    public static CreditReservationRow ReadReservation(DbDataReader reader) =>
        new()
        {
            Account = reader.GetString(0),
            OperationId = reader.GetString(1),
            Attempt = reader.GetGuid(2),
            Action = reader.GetString(3),
            Credits = reader.GetInt64(4),
            Committed = reader.GetInt64(5),
            State = reader.GetInt16(6),
            ReservedAt = reader.GetInt64(7),
            Deadline = reader.GetInt64(8),
            BalanceAfter = reader.GetInt64(9),
            BalanceAtEnd = reader.GetInt64(10),
            EndedAt = GetInt64OrNull(reader, 11),
            Burns = reader.GetString(12),
        };

    public static CreditEntryRow ReadEntry(DbDataReader reader) =>
        new()
        {
            Account = reader.GetString(0),
            Sequence = reader.GetInt64(1),
            OperationId = reader.GetString(2),
            Attempt = reader.GetGuid(3),
            Kind = reader.GetInt16(4),
            Action = reader.GetString(5),
            Credits = reader.GetInt64(6),
            Balance = reader.GetInt64(7),
            Target = reader.IsDBNull(8) ? null : reader.GetString(8),
            Grants = reader.GetString(9),
            At = reader.GetInt64(10),
        };

    public static CreditCheckpointRow ReadCheckpoint(DbDataReader reader) =>
        new()
        {
            Account = reader.GetString(0),
            Sequence = reader.GetInt64(1),
            At = reader.GetInt64(2),
            Balance = reader.GetInt64(3),
            Spent = reader.GetInt64(4),
            Committed = reader.GetInt64(5),
            Expired = reader.GetInt64(6),
            Free = reader.GetString(7),
            Open = reader.GetString(8),
        };

    public static CreditKnownIdRow ReadKnownId(DbDataReader reader) =>
        new()
        {
            Account = reader.GetString(0),
            OperationId = reader.GetString(1),
            Sequence = reader.GetInt64(2),
            Attempt = reader.GetGuid(3),
            Kind = reader.GetInt16(4),
            Action = reader.GetString(5),
            Credits = reader.GetInt64(6),
            Balance = reader.GetInt64(7),
            Target = reader.IsDBNull(8) ? null : reader.GetString(8),
            At = reader.GetInt64(9),
        };

    private static long? GetInt64OrNull(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
