namespace PayPerUse.EfCore.Credits;

/// <summary>
/// PostgreSQL's statements. A batch travels as arrays, one parameter a column, so that the number of statements does not depend on
/// the number of commands.
/// </summary>
internal sealed class PostgresCreditSql(CreditTables tables)
{
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED";

    public const string Commit = "COMMIT";

    public const string Rollback = "ROLLBACK";

    /// <summary>
    /// Every statement here looks keys up. Without this, a plan made while the tables were small would scan them when they are
    /// large. Of our own connection only; the pool resets it on return.
    /// </summary>
    public static readonly IReadOnlyList<string> Settings =
    [
        "SET enable_seqscan = off",
        "SET enable_hashjoin = off",
        "SET enable_mergejoin = off",
        "SET enable_material = off",
        "SET enable_bitmapscan = off",
        "SET plan_cache_mode = force_generic_plan",
        // A batch without a BEGIN is one transaction too, of this isolation.
        "SET default_transaction_isolation = 'read committed'",
    ];

    /// <summary>$1 accounts.</summary>
    public string AddMissingAccounts { get; } =
        $"""
            INSERT INTO {tables.Accounts} ({DbValues.AccountColumns})
            SELECT a, 0, 0, 0, 0, 0, 0, 0, 0 FROM unnest($1::text[]) a ORDER BY a COLLATE "C"
            ON CONFLICT DO NOTHING
            """;

    /// <summary>$1 accounts. The sort is below the lock in the plan: rows are locked in the order of the key.</summary>
    public string LockAccounts { get; } =
        $"""
            SELECT {DbValues.AccountRowColumns} FROM {tables.Accounts}
            WHERE account = ANY ($1::text[]) ORDER BY account COLLATE "C" FOR UPDATE
            """;

    /// <summary>$1 accounts; $2, $3 account and id of named grants.</summary>
    public string ReadGrants { get; } =
        $"""
            SELECT {DbValues.GrantColumns} FROM {tables.Grants} WHERE account = ANY ($1::text[]) AND is_live
            UNION ALL
            SELECT g.* FROM unnest($2::text[], $3::text[]) n (account, id)
            CROSS JOIN LATERAL (SELECT {DbValues.GrantColumns} FROM {tables.Grants} g
                WHERE g.account = n.account AND g.grant_id = n.id AND NOT g.is_live LIMIT 1) g
            """;

    /// <summary>The most open reservations that are read of an account, besides what is due and what is named.</summary>
    public const int MaxOpen = 64;

    /// <summary>
    /// $1 accounts; $2, $3 account and id of named reservations; $4 the host's clock. Of each account that has any: what is due,
    /// the open ones that fall due first, and the named ones.
    /// </summary>
    public string ReadReservations { get; } =
        $"""
            SELECT {Qualified("r", DbValues.ReservationColumns)} FROM {tables.Accounts} u
            JOIN {tables.Reservations} r ON r.account = u.account AND r.state = 1 AND r.deadline <= greatest($4::bigint, u.last_time)
            WHERE u.account = ANY ($1::text[]) AND u.reserved > 0
            UNION
            SELECT r.* FROM {tables.Accounts} u
            CROSS JOIN LATERAL (SELECT {DbValues.ReservationColumns} FROM {tables.Reservations} r
                WHERE r.account = u.account AND r.state = 1 ORDER BY r.deadline LIMIT {MaxOpen}) r
            WHERE u.account = ANY ($1::text[]) AND u.reserved > 0
            UNION
            SELECT r.* FROM unnest($2::text[], $3::text[]) n (account, id)
            CROSS JOIN LATERAL (SELECT {DbValues.ReservationColumns} FROM {tables.Reservations} r
                WHERE r.account = n.account AND r.operation_id = n.id LIMIT 1) r
            """;

    /// <summary>$1, $2 account and id of operations. LATERAL with LIMIT makes each name one look-up in the index, whatever the statistics say. Ids that live for ever are known after their entry is deleted.</summary>
    public string ReadKnown { get; } =
        $"""
            SELECT l.* FROM unnest($1::text[], $2::text[]) n (account, id)
            CROSS JOIN LATERAL (SELECT {DbValues.EntryColumns} FROM {tables.Log} l
                WHERE l.account = n.account AND l.operation_id = n.id AND l.kind IN ({CreditColumns.KeyKinds}) LIMIT 1) l
            UNION ALL
            SELECT k.* FROM unnest($1::text[], $2::text[]) n (account, id)
            CROSS JOIN LATERAL (SELECT {DbValues.KnownIdAsEntryColumns} FROM {tables.KnownIds} k
                WHERE k.account = n.account AND k.operation_id = n.id LIMIT 1) k
            """;

    /// <summary>
    /// Arrays in the order of <see cref="DbValues.AccountColumns"/>. Fails, and with it the transaction, unless every row still has
    /// the version before: 1 / 0 is the one error that plain SQL can raise.
    /// </summary>
    public string UpdateAccounts { get; } =
        $"""
            WITH saved AS (
                UPDATE {tables.Accounts} u SET free = v.free, reserved = v.reserved, debt = v.debt,
                    rate_window_start = v.rate_window_start, rate_count = v.rate_count, last_time = v.last_time,
                    sequence = v.sequence, version = v.version
                FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[], $7::bigint[], $8::bigint[], $9::bigint[])
                    v ({DbValues.AccountColumns})
                WHERE u.account = v.account AND u.version = v.version - 1
                RETURNING 1)
            SELECT 1 / (count(*) = cardinality($1::text[]))::int FROM saved
            """;

    /// <summary>
    /// $1, $2 account and id of operations. Fails if one is a reservation's, or has outlived its log entry: by ln(0), to be told from
    /// a changed row.
    /// </summary>
    public string RefuseReservedIds { get; } =
        $"""
            SELECT ln((count(*) = 0)::int) FROM unnest($1::text[], $2::text[]) n (account, id)
            CROSS JOIN LATERAL (
                (SELECT 1 FROM {tables.Reservations} r WHERE r.account = n.account AND r.operation_id = n.id LIMIT 1)
                UNION ALL
                (SELECT 1 FROM {tables.KnownIds} k WHERE k.account = n.account AND k.operation_id = n.id LIMIT 1)) r
            """;

    /// <summary>$1, $2 account and id of operations. Fails if one is in the log or has outlived its entry, in the same way.</summary>
    public string RefuseKnownIds { get; } =
        $"""
            SELECT ln((count(*) = 0)::int) FROM unnest($1::text[], $2::text[]) n (account, id)
            CROSS JOIN LATERAL (
                (SELECT 1 FROM {tables.Log} l
                    WHERE l.account = n.account AND l.operation_id = n.id AND l.kind IN ({CreditColumns.KeyKinds}) LIMIT 1)
                UNION ALL
                (SELECT 1 FROM {tables.KnownIds} k WHERE k.account = n.account AND k.operation_id = n.id LIMIT 1)) l
            """;

    /// <summary>Arrays in the order of <see cref="DbValues.GrantColumns"/>.</summary>
    public string InsertGrants { get; } =
        $"""
            INSERT INTO {tables.Grants} ({DbValues.GrantColumns})
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bool[])
            """;

    /// <summary>$1 accounts, $2 grants, $3 free, $4 reserved, $5 revoked, $6 usable until, $7 live.</summary>
    public string UpdateGrants { get; } =
        $"""
            UPDATE {tables.Grants} g SET free = v.free, reserved = v.reserved, revoked = v.revoked,
                usable_until = v.usable_until, is_live = v.is_live
            FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bool[])
                v (account, grant_id, free, reserved, revoked, usable_until, is_live)
            WHERE g.account = v.account AND g.grant_id = v.grant_id
            """;

    /// <summary>Arrays in the order of <see cref="DbValues.ReservationColumns"/>.</summary>
    public string InsertReservations { get; } =
        $"""
            INSERT INTO {tables.Reservations} ({DbValues.ReservationColumns}) SELECT * FROM {UnnestReservations}
            """;

    /// <summary>Arrays in the order of <see cref="DbValues.ReservationColumns"/>.</summary>
    public string UpdateReservations { get; } =
        $"""
            UPDATE {tables.Reservations} r SET attempt = v.attempt, action = v.action, credits = v.credits,
                committed = v.committed, state = v.state, reserved_at = v.reserved_at, deadline = v.deadline,
                balance_after = v.balance_after, balance_at_end = v.balance_at_end, ended_at = v.ended_at, burns = v.burns
            FROM {UnnestReservations} v ({DbValues.ReservationColumns})
            WHERE r.account = v.account AND r.operation_id = v.operation_id
            """;

    /// <summary>Arrays in the order of <see cref="DbValues.EntryColumns"/>.</summary>
    public string InsertLog { get; } =
        $"""
            INSERT INTO {tables.Log} ({DbValues.EntryColumns})
            SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::uuid[], $5::smallint[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::bigint[])
            """;

    private const string UnnestReservations =
        "unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::smallint[], $8::bigint[], "
        + "$9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::text[])";

    private static string Qualified(string alias, string columns) =>
        string.Join(", ", columns.Split(", ").Select(c => alias + "." + c));
}
