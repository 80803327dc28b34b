using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PayPerUse.EfCore.Turns;

namespace Microsoft.EntityFrameworkCore;

/// <summary>What an app's context needs on SQLite: turns for many writers at once, and deleting that leaves nothing.</summary>
public static class PayPerUseDbContextOptionsBuilderExtensions
{
    /// <summary>
    /// Lets everything that contexts of this process write to one SQLite file wait for its turn, first come, first served, without
    /// a thread; credits are written in the same turns. SQLite has one writer at a time: without this the others hold a thread each,
    /// sleep and try again, and some of many are never first within their time. Reads do not wait. Safe to call twice, and changes
    /// nothing for another database.
    /// </summary>
    /// <remarks>
    /// Work that writes in a second context while its own transaction is open waits for itself, as it does on SQLite in any case.
    /// A turn that has not come after 30 seconds ends in a <see cref="TimeoutException"/>.
    /// </remarks>
    /// <param name="options">The options of the context.</param>
    public static DbContextOptionsBuilder WriteInTurn(this DbContextOptionsBuilder options) =>
        options.AddOnce(SqliteTurnInterceptor.Instance);

    /// <summary>
    /// Overwrites what contexts delete or change in a SQLite file (<c>secure_delete</c>): without this a deleted row can be read in the
    /// file until its place is used again. Safe to call twice, and changes nothing for another database.
    /// </summary>
    /// <param name="options">The options of the context.</param>
    public static DbContextOptionsBuilder OverwriteDeleted(this DbContextOptionsBuilder options) =>
        options.AddOnce(SqliteErasure.Instance);

    private static DbContextOptionsBuilder AddOnce(this DbContextOptionsBuilder options, IInterceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(options);
        var known = options.Options.FindExtension<CoreOptionsExtension>()?.Interceptors;
        return known?.Contains(interceptor) is true ? options : options.AddInterceptors(interceptor);
    }
}
