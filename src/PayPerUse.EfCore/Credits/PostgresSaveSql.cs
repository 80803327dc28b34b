using System.Globalization;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>What a batch saves besides its accounts, and what it asks while it saves.</summary>
[Flags]
internal enum PostgresSaveParts
{
    None = 0,
    AddedGrants = 1,
    Grants = 2,
    AddedReservations = 4,
    Reservations = 8,
    Log = 16,

    /// <summary>Among the entries are spends: their ids must be new.</summary>
    RefuseKnownSpends = 32,

    /// <summary>Among the entries are reserves: their ids must be new.</summary>
    RefuseKnownReserves = 64,
}

/// <summary>
/// The one statement in which a batch is saved on PostgreSQL, whatever is in it: starting a statement costs as much as saving a few
/// rows. All of it sees the database as it was before the row locks, which is enough: who changes anything of an account raises its
/// version, and then nothing of this is saved.
/// </summary>
/// <param name="tables">The names of the tables.</param>
internal sealed class PostgresSaveSql(CreditTables tables)
{
    private readonly string?[] _texts = new string?[2 * (int)PostgresSaveParts.RefuseKnownReserves];

    /// <summary>
    /// The statement for these parts; always the same object. Its parameters are arrays, one a column: of the accounts in the order
    /// of <see cref="DbValues.AccountColumns"/>, then of each part in the order of the flags.
    /// </summary>
    /// <remarks>
    /// It fails by 1 / 0, the one error that plain SQL can raise, unless every account still has the version before; and by ln(0),
    /// to be told from that, if an id is not new. The accounts come first: what is counted is locked before anything else is done.
    /// </remarks>
    public string this[PostgresSaveParts parts]
    {
        get
        {
            // Two lanes may ask at once: the first text stays.
            ref var text = ref _texts[(int)parts];
            return text ?? Interlocked.CompareExchange(ref text, Write(parts), null) ?? text;
        }
    }

    private string Write(PostgresSaveParts parts)
    {
        var parameters = 0;
        var withs = new List<string>
        {
            $"saved AS ({UpdateAccounts(Unnest("text bigint bigint bigint bigint int bigint bigint bigint"))})",
        };
        var checks = new List<string> { "1 / (count(*) = cardinality($1::text[]))::int" };
        Add(
            PostgresSaveParts.AddedGrants,
            InsertGrants,
            "text text text bigint bigint bigint bigint bigint bigint bigint bool"
        );
        Add(PostgresSaveParts.Grants, UpdateGrants, "text text bigint bigint bigint bigint bool");
        const string Reservation = "text text uuid text bigint bigint smallint bigint bigint bigint bigint bigint text";
        Add(PostgresSaveParts.AddedReservations, InsertReservations, Reservation);
        Add(PostgresSaveParts.Reservations, UpdateReservations, Reservation);
        var log = parameters + 1;
        Add(PostgresSaveParts.Log, InsertLog, "text bigint text uuid smallint text bigint bigint text text bigint");
        var names = string.Create(
            CultureInfo.InvariantCulture,
            $"unnest(${log}::text[], ${log + 2}::text[], ${log + 4}::smallint[]) n (account, id, kind)"
        );
        if (parts.HasFlag(PostgresSaveParts.RefuseKnownSpends))
        {
            checks.Add(RefuseKnownSpends(names));
        }

        if (parts.HasFlag(PostgresSaveParts.RefuseKnownReserves))
        {
            checks.Add(RefuseKnownReserves(names));
        }

        return $"WITH {string.Join(", ", withs)} SELECT {string.Join(", ", checks)} FROM saved";

        void Add(PostgresSaveParts part, Func<string, string> write, string types)
        {
            if (parts.HasFlag(part))
            {
                withs.Add($"saved_{part} AS ({write(Unnest(types))})");
            }
        }

        string Unnest(string types)
        {
            var arrays = types
                .Split(' ')
                .Select(type => string.Create(CultureInfo.InvariantCulture, $"${++parameters}::{type}[]"));
            return $"unnest({string.Join(", ", arrays)})";
        }
    }

    private string UpdateAccounts(string rows) =>
        $"""
            UPDATE {tables.Accounts} u SET free = v.free, reserved = v.reserved, debt = v.debt,
                rate_window_start = v.rate_window_start, rate_count = v.rate_count, last_time = v.last_time,
                sequence = v.sequence, version = v.version
            FROM {rows} v ({DbValues.AccountColumns})
            WHERE u.account = v.account AND u.version = v.version - 1
            RETURNING 1
            """;

    private string InsertGrants(string rows) =>
        $"INSERT INTO {tables.Grants} ({DbValues.GrantColumns}) SELECT * FROM {rows}";

    private string UpdateGrants(string rows) =>
        $"""
            UPDATE {tables.Grants} g SET free = v.free, reserved = v.reserved, revoked = v.revoked,
                usable_until = v.usable_until, is_live = v.is_live
            FROM {rows} v (account, grant_id, free, reserved, revoked, usable_until, is_live)
            WHERE g.account = v.account AND g.grant_id = v.grant_id
            """;

    private string InsertReservations(string rows) =>
        $"INSERT INTO {tables.Reservations} ({DbValues.ReservationColumns}) SELECT * FROM {rows}";

    private string UpdateReservations(string rows) =>
        $"""
            UPDATE {tables.Reservations} r SET attempt = v.attempt, action = v.action, credits = v.credits,
                committed = v.committed, state = v.state, reserved_at = v.reserved_at, deadline = v.deadline,
                balance_after = v.balance_after, balance_at_end = v.balance_at_end, ended_at = v.ended_at, burns = v.burns
            FROM {rows} v ({DbValues.ReservationColumns})
            WHERE r.account = v.account AND r.operation_id = v.operation_id
            """;

    private string InsertLog(string rows) => $"INSERT INTO {tables.Log} ({DbValues.EntryColumns}) SELECT * FROM {rows}";

    // What is spent must not be a reservation's id, nor the other way round, nor have outlived its entry. The rest the unique keys
    // refuse. LATERAL with LIMIT makes each name one look-up in the index, whatever the statistics say.
    private string RefuseKnownSpends(string names) =>
        $"""
            (SELECT ln((count(*) = 0)::int) FROM {names}
            CROSS JOIN LATERAL (
                (SELECT 1 FROM {tables.Reservations} r WHERE r.account = n.account AND r.operation_id = n.id LIMIT 1)
                UNION ALL
                (SELECT 1 FROM {tables.KnownIds} k WHERE k.account = n.account AND k.operation_id = n.id LIMIT 1)) r
            WHERE n.kind = {(short)CreditEntryKind.Spend})
            """;

    private string RefuseKnownReserves(string names) =>
        $"""
            (SELECT ln((count(*) = 0)::int) FROM {names}
            CROSS JOIN LATERAL (
                (SELECT 1 FROM {tables.Log} l
                    WHERE l.account = n.account AND l.operation_id = n.id AND l.kind IN ({CreditColumns.KeyKinds}) LIMIT 1)
                UNION ALL
                (SELECT 1 FROM {tables.KnownIds} k WHERE k.account = n.account AND k.operation_id = n.id LIMIT 1)) l
            WHERE n.kind = {(short)CreditEntryKind.Reserve})
            """;
}
