using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PayPerUse.EfCore.Migrations;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Brings a database up to date when an app starts.</summary>
public static class PayPerUseDatabaseFacadeExtensions
{
    /// <summary>
    /// Applies the migrations that are missing, one host at a time, so that several hosts may start at once on PostgreSQL or on a
    /// SQLite file, and a host that died meanwhile holds nobody up. A SQLite file gets its folder
    /// and its write-ahead log first.
    /// </summary>
    /// <param name="database">The database of a context of its own, such as one from a new scope.</param>
    /// <param name="afterwards">What else one host does at a time, such as making the first key of Data Protection.</param>
    /// <param name="cancellationToken">Ends the wait and the work.</param>
    public static async Task MigrateInTurnAsync(
        this DatabaseFacade database,
        Func<Task>? afterwards = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(database);
        var turn = await MigrationTurn.TakeAsync(database, cancellationToken).ConfigureAwait(false);
        await using (turn.ConfigureAwait(false))
        {
            // On an empty database EF Core would look for its history, fail, and log that as an error.
            await database
                .GetService<IHistoryRepository>()
                .CreateIfNotExistsAsync(cancellationToken)
                .ConfigureAwait(false);
            await database.MigrateAsync(cancellationToken).ConfigureAwait(false);
            if (afterwards is not null)
            {
                await afterwards().ConfigureAwait(false);
            }
        }
    }
}
