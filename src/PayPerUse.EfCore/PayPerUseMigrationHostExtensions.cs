using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Brings an app's database up to date before the app answers.</summary>
public static class PayPerUseMigrationHostExtensions
{
    /// <summary>
    /// Applies the migrations that are missing, one host at a time, as
    /// <see cref="PayPerUseDatabaseFacadeExtensions.MigrateInTurnAsync"/> does, with a context of its own.
    /// </summary>
    /// <typeparam name="TContext">The context that has the migrations.</typeparam>
    /// <param name="host">The app.</param>
    /// <param name="afterwards">What else one host does at a time, such as making the first key of Data Protection.</param>
    public static async Task MigrateInTurnAsync<TContext>(this IHost host, Func<Task>? afterwards = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(host);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var scope = host.Services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var database = scope.ServiceProvider.GetRequiredService<TContext>().Database;
            await database.MigrateInTurnAsync(afterwards, stopping).ConfigureAwait(false);
        }
    }
}
