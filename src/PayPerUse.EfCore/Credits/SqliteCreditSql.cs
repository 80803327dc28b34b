namespace PayPerUse.EfCore.Credits;

/// <summary>SQLite's statements: one row each, since a call costs no round trip.</summary>
internal sealed class SqliteCreditSql(CreditTables tables)
{
    public const string Begin = "BEGIN IMMEDIATE";

    public const string Commit = "COMMIT";

    public const string Rollback = "ROLLBACK";

    public const string DataVersion = "PRAGMA data_version";

    public string ReadVersion { get; } = $"SELECT version FROM {tables.Accounts} WHERE account = $1";

    public string ReadAccount { get; } =
        $"SELECT {DbValues.AccountRowColumns} FROM {tables.Accounts} WHERE account = $1";

    public string ReadLiveGrants { get; } =
        $"SELECT {DbValues.GrantColumns} FROM {tables.Grants} WHERE account = $1 AND is_live = 1";

    public string ReadEndedGrant { get; } =
        $"SELECT {DbValues.GrantColumns} FROM {tables.Grants} WHERE account = $1 AND grant_id = $2 AND is_live = 0";

    public string ReadOpenReservations { get; } =
        $"SELECT {DbValues.ReservationColumns} FROM {tables.Reservations} WHERE account = $1 AND state = 1";

    public string ReadEndedReservation { get; } =
        $"SELECT {DbValues.ReservationColumns} FROM {tables.Reservations} WHERE account = $1 AND operation_id = $2 AND state <> 1";

    public string HasOtherIds { get; } =
        $"SELECT EXISTS (SELECT 1 FROM {tables.Reservations} WHERE account = $1) OR EXISTS (SELECT 1 FROM {tables.KnownIds} WHERE account = $1)";

    public string ReadKnown { get; } =
        $"""
            SELECT {DbValues.EntryColumns} FROM {tables.Log} WHERE account = $1 AND operation_id = $2 AND kind IN ({CreditColumns.KeyKinds})
            UNION ALL
            SELECT {DbValues.KnownIdAsEntryColumns} FROM {tables.KnownIds} WHERE account = $1 AND operation_id = $2
            """;

    public string UpdateAccount { get; } =
        $"""
            UPDATE {tables.Accounts} SET free = $2, reserved = $3, debt = $4, rate_window_start = $5, rate_count = $6,
                last_time = $7, sequence = $8, version = $9 WHERE account = $1
            """;

    public string InsertAccount { get; } =
        $"""
            INSERT INTO {tables.Accounts} ({DbValues.AccountColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """;

    /// <summary>Leaves alone what an index holds: SQLite writes an index anew whenever a column of it is set, changed or not.</summary>
    public string UpdateGrantCredits { get; } =
        $"UPDATE {tables.Grants} SET free = $3, reserved = $4, revoked = $5 WHERE account = $1 AND grant_id = $2";

    public string UpdateGrant { get; } =
        $"""
            UPDATE {tables.Grants} SET free = $3, reserved = $4, revoked = $5, usable_until = $6, is_live = $7
            WHERE account = $1 AND grant_id = $2
            """;

    public string InsertGrant { get; } =
        $"""
            INSERT INTO {tables.Grants} ({DbValues.GrantColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
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
