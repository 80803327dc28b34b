namespace PayPerUse.EfCore.Credits;

/// <summary>SQLite's statements: one row each, since a call costs no round trip.</summary>
internal sealed class SqliteCreditSql(CreditTables tables)
{
    public string ReadAccount { get; } = $"SELECT {DbValues.AccountColumns} FROM {tables.Accounts} WHERE account = $1";

    public string ReadLiveGrants { get; } =
        $"SELECT {DbValues.GrantColumns} FROM {tables.Grants} WHERE account = $1 AND is_live = 1";

    public string ReadEndedGrant { get; } =
        $"SELECT {DbValues.GrantColumns} FROM {tables.Grants} WHERE account = $1 AND grant_id = $2 AND is_live = 0";

    public string ReadDueReservations { get; } =
        $"SELECT {DbValues.ReservationColumns} FROM {tables.Reservations} WHERE account = $1 AND state = 1 AND deadline <= $2";

    public string ReadReservation { get; } =
        $"SELECT {DbValues.ReservationColumns} FROM {tables.Reservations} WHERE account = $1 AND operation_id = $2";

    public string ReadKnown { get; } =
        $"""
            SELECT {DbValues.EntryColumns} FROM {tables.Log} WHERE account = $1 AND operation_id = $2 AND kind IN (1, 2, 6, 7)
            UNION ALL
            SELECT {DbValues.KnownIdAsEntryColumns} FROM {tables.KnownIds} WHERE account = $1 AND operation_id = $2
            """;

    public string SaveAccount { get; } =
        $"""
            INSERT INTO {tables.Accounts} ({DbValues.AccountColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (account) DO UPDATE SET free = excluded.free, reserved = excluded.reserved, debt = excluded.debt,
                rate_window_start = excluded.rate_window_start, rate_count = excluded.rate_count,
                last_time = excluded.last_time, sequence = excluded.sequence, version = excluded.version
            """;

    public string SaveGrant { get; } =
        $"""
            INSERT INTO {tables.Grants} ({DbValues.GrantColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (account, grant_id) DO UPDATE SET free = excluded.free, reserved = excluded.reserved,
                revoked = excluded.revoked, usable_until = excluded.usable_until, is_live = excluded.is_live
            """;

    public string SaveReservation { get; } =
        $"""
            INSERT INTO {tables.Reservations} ({DbValues.ReservationColumns})
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (account, operation_id) DO UPDATE SET attempt = excluded.attempt, action = excluded.action,
                credits = excluded.credits, committed = excluded.committed, state = excluded.state,
                reserved_at = excluded.reserved_at, deadline = excluded.deadline, balance_after = excluded.balance_after,
                balance_at_end = excluded.balance_at_end, ended_at = excluded.ended_at, burns = excluded.burns
            """;

    public string InsertLog { get; } =
        $"INSERT INTO {tables.Log} ({DbValues.EntryColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
}
