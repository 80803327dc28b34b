using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace PayPerUse.EfCore.Migrations;

/// <summary>
/// Lets one host at a time prepare the database. A host that dies gives its turn back: the operating system frees the file,
/// PostgreSQL the lock. The lock of EF Core itself is a row on SQLite, which a host that dies leaves behind.
/// </summary>
internal static class MigrationTurn
{
    private const long PostgreSqlLock = 0x50505553; // "PPUS"
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static Task<IAsyncDisposable> TakeAsync(DatabaseFacade database, CancellationToken cancellationToken) =>
        database.ProviderName switch
        {
            DatabaseKind.PostgreSql => TakePostgreSqlAsync(database, cancellationToken),
            DatabaseKind.Sqlite => TakeSqliteAsync(database, cancellationToken),
            _ => Task.FromResult<IAsyncDisposable>(new Turn(() => default)),
        };

    private static async Task<IAsyncDisposable> TakePostgreSqlAsync(
        DatabaseFacade database,
        CancellationToken cancellationToken
    )
    {
        // The lock is the session's, so that the connection stays open until the turn is over.
        await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var timeout = database.GetCommandTimeout();
        database.SetCommandTimeout(0);
        await database
            .ExecuteSqlAsync($"SELECT pg_advisory_lock({PostgreSqlLock})", cancellationToken)
            .ConfigureAwait(false);
        database.SetCommandTimeout(timeout);
        return new Turn(async () =>
        {
            await database
                .ExecuteSqlAsync($"SELECT pg_advisory_unlock({PostgreSqlLock})", CancellationToken.None)
                .ConfigureAwait(false);
            await database.CloseConnectionAsync().ConfigureAwait(false);
        });
    }

    private static async Task<IAsyncDisposable> TakeSqliteAsync(
        DatabaseFacade database,
        CancellationToken cancellationToken
    )
    {
        var file = Path.GetFullPath(database.GetDbConnection().DataSource);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var held = await HoldAsync(file + ".start", cancellationToken).ConfigureAwait(false);
        try
        {
            // Before there is anything to read: in any other mode a reader makes a writer's commit fail as locked.
            await database.ExecuteSqlAsync($"PRAGMA journal_mode = WAL", cancellationToken).ConfigureAwait(false);
            await database
                .ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken)
                .ConfigureAwait(false);
            return held;
        }
        catch
        {
            await held.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<FileStream> HoldAsync(string file, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private sealed class Turn(Func<ValueTask> end) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => end();
    }
}
