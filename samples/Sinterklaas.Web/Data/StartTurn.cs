using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Sinterklaas.Web.Data;

/// <summary>
/// Lets one host at a time prepare the database. A host that dies gives its turn back: the operating system frees the file,
/// PostgreSQL the lock. The lock of EF Core itself is a row on SQLite, which a host that dies leaves behind.
/// </summary>
internal sealed class StartTurn(IAsyncDisposable held) : IAsyncDisposable
{
    private const long PostgreSqlLock = 0x53494E54; // "SINT"
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static Task<StartTurn> TakeAsync(AppDbContext db, CancellationToken ct)
    {
        var connectionString = db.Database.GetConnectionString()!;
        return db.Database.IsNpgsql()
            ? TakePostgreSqlAsync(connectionString, ct)
            : TakeSqliteAsync(db, connectionString, ct);
    }

    public ValueTask DisposeAsync() => held.DisposeAsync();

    private static async Task<StartTurn> TakePostgreSqlAsync(string connectionString, CancellationToken ct)
    {
        // Without pooling: closing the connection ends its session, and with it the lock.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT pg_advisory_lock({PostgreSqlLock})";
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
        return new StartTurn(connection);
    }

    private static async Task<StartTurn> TakeSqliteAsync(AppDbContext db, string connectionString, CancellationToken ct)
    {
        var file = new SqliteConnectionStringBuilder(connectionString).DataSource + ".start";
        while (true)
        {
            try
            {
                var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

                // Before there is anything to read: in any other mode a reader makes a writer's commit fail as locked.
                await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", ct);
                await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", ct);
                return new StartTurn(held);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(Pause, ct);
            }
        }
    }
}
