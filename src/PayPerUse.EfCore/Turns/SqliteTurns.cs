using System.Collections.Concurrent;
using System.Data.Common;

namespace PayPerUse.EfCore.Turns;

/// <summary>
/// The turns in which this process writes to a SQLite file. A courtesy only: SQLite's own lock decides, also among processes, but who
/// waits at it sleeps and tries again, holds a thread meanwhile, and is overtaken by others.
/// </summary>
internal static class SqliteTurns
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new(StringComparer.Ordinal);

    /// <summary>
    /// The turn at the file of a connection, which serves first who waits with a thread and then all others in the order in which
    /// they came; null for another database, and for one in memory.
    /// </summary>
    public static SemaphoreSlim? Of(DbConnection connection) =>
        IsSqlite(connection) && connection.DataSource is { Length: > 0 } and not ":memory:"
            ? Turns.GetOrAdd(FileOf(connection.DataSource), static _ => new SemaphoreSlim(1))
            : null;

    public static bool IsSqlite(DbConnection connection) => connection.GetType().Name == "SqliteConnection";

    private static string FileOf(string source) =>
        source.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? source : Path.GetFullPath(source);
}
