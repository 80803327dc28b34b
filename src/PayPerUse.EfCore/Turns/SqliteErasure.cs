using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PayPerUse.EfCore.Turns;

/// <summary>Tells each SQLite connection of a context to overwrite what it deletes.</summary>
internal sealed class SqliteErasure : DbConnectionInterceptor
{
    public static readonly SqliteErasure Instance = new();

    private const string Overwrite = "PRAGMA secure_delete = ON";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (SqliteTurns.IsSqlite(connection))
        {
            using var command = CommandOf(connection);
            command.ExecuteNonQuery();
        }
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection,
        ConnectionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        if (SqliteTurns.IsSqlite(connection))
        {
            var command = CommandOf(connection);
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static DbCommand CommandOf(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = Overwrite;
        return command;
    }
}
