using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using PayPerUse;
using PayPerUse.EfCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a setting choose the database that an app runs on.</summary>
public static class DatabaseChoiceServiceCollectionExtensions
{
    /// <summary>
    /// Adds the app's context on the database that <c>Database:Provider</c> names. The app works with the base of the contexts, by
    /// scope or by <see cref="IDbContextFactory{TContext}"/>, and each context keeps the migrations of one database.
    /// </summary>
    /// <typeparam name="TContext">The base of the contexts, such as an abstract AppDbContext.</typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="configuration">The app's configuration.</param>
    /// <param name="connectionStringName">The name in <c>ConnectionStrings</c>.</param>
    /// <param name="databases">Adds the databases; the first is used where none is named.</param>
    /// <exception cref="PayPerUseException">A database that was not added is named, or a connection string is missing.</exception>
    public static IServiceCollection AddDatabaseChoice<TContext>(
        this IServiceCollection services,
        IConfiguration configuration,
        string connectionStringName,
        Action<DatabaseChoice<TContext>> databases
    )
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionStringName);
        ArgumentNullException.ThrowIfNull(databases);
        var choice = new DatabaseChoice<TContext>(
            services,
            configuration["Database:Provider"],
            connectionStringName,
            configuration.GetConnectionString(connectionStringName)
        );
        databases(choice);
        choice.Check();
        return services;
    }
}
