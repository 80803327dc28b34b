using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Answers;
using PayPerUse.Credits;
using PayPerUse.EfCore.Credits;
using PayPerUse.Payments;

namespace PayPerUse.EfCore;

/// <summary>Turns a database's exceptions into our own at the seam.</summary>
internal static class DatabaseFailure
{
    // What a distributed database answers to a commit when the nodes that know are out of reach (CockroachDB: "result is ambiguous").
    private const string UnknownCompletion = "40003";

    /// <summary>Whether an exception is the database's; anything else is a mistake of ours and passes through.</summary>
    public static bool IsOfDatabase(Exception e) =>
        e is DbException or DbUpdateException or TimeoutException or IOException or SocketException
        || (e is InvalidOperationException && FindDbException(e) is not null);

    public static CreditStoreException ToCreditStoreException(Exception e, bool isCommitSent) =>
        new(
            "The credit database failed: " + Describe(e),
            IsPassing(e),
            isCommitSent && !IsCertainlyRolledBack(e)
                ? CreditOperationOutcome.Unknown
                : CreditOperationOutcome.NotApplied,
            e
        );

    public static PaymentStoreException ToPaymentStoreException(Exception e) =>
        new("The payment database failed: " + Describe(e), e);

    public static AnswerStoreException ToAnswerStoreException(Exception e) =>
        new("The database of kept answers failed: " + Describe(e), e);

    public static bool IsUniqueViolation(Exception e) =>
        FindDbException(e) is { } db
        && (
            db.SqlState == "23505"
            // SQLite tells no SQLSTATE: SQLITE_CONSTRAINT is 19.
            || (
                db.SqlState is null && SqliteCodeOf(db) == 19 && db.Message.Contains("UNIQUE", StringComparison.Ordinal)
            )
        );

    /// <summary>Whether a row no longer had the version that it was read with; see <see cref="PostgresSaveSql"/>.</summary>
    public static bool IsStale(Exception e) => FindDbException(e)?.SqlState == "22012";

    /// <summary>Whether an id was not new; see <see cref="PostgresSaveSql"/>.</summary>
    public static bool IsKnownId(Exception e) => FindDbException(e)?.SqlState == "2201E" || IsUniqueViolation(e);

    /// <summary>Whether the same work may succeed when tried again.</summary>
    public static bool IsPassing(Exception e)
    {
        if (e is TimeoutException or IOException or SocketException or DbUpdateConcurrencyException)
        {
            return true;
        }

        if (FindDbException(e) is not { } db)
        {
            return e.InnerException is { } inner && IsPassing(inner);
        }

        return db.IsTransient
            || db.InnerException is TimeoutException or IOException or SocketException
            || IsUniqueViolation(db)
            || db.SqlState
                is ['0', '8', ..] // connection
                    or ['5', '3', ..] // resources
                    or ['5', '7', ..] // shutdown, canceled
                    or "40001" // serialization
                    or UnknownCompletion
                    or "40P01" // deadlock
                    or "55P03" // lock not available
                    or "25006" // read-only: a failover is under way
            // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_FULL
            || (db.SqlState is null && SqliteCodeOf(db) is 5 or 6 or 10 or 13);
    }

    // The server said no: what it names has not happened.
    private static bool IsCertainlyRolledBack(Exception e) =>
        e is DbUpdateConcurrencyException
        || FindDbException(e) is { SqlState: { } state }
            && state is not (['0', '8', ..] or ['5', '7', ..] or UnknownCompletion);

    private static int? SqliteCodeOf(DbException e) =>
        e.GetType().Name == "SqliteException" ? e.GetType().GetProperty("SqliteErrorCode")?.GetValue(e) as int? : null;

    private static DbException? FindDbException(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is DbException db)
            {
                return db;
            }
        }

        return null;
    }

    // A database's message names columns and values, but never a connection string.
    private static string Describe(Exception e) => FindDbException(e)?.Message ?? e.Message;
}
