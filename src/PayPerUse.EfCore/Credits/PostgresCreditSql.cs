namespace PayPerUse.EfCore.Credits;

/// <summary>
/// PostgreSQL's statements that lock and read. A batch travels as arrays, one parameter a column, so that the number of statements
/// does not depend on the number of commands. What saves is <see cref="PostgresSaveSql"/>.
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

    private static string Qualified(string alias, string columns) =>
        string.Join(", ", columns.Split(", ").Select(c => alias + "." + c));
}
