using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sinterklaas.Web.Data;

/// <summary>One database for everything: a SQLite file, or PostgreSQL when configured.</summary>
public static class DatabaseSetup
{
    private const string ConnectionStringName = "Sinterklaas";

    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        var provider = builder.Configuration["Database:Provider"] ?? "Sqlite";
        var connectionString = builder.Configuration.GetConnectionString(ConnectionStringName);
        switch (provider.ToUpperInvariant())
        {
            case "SQLITE":
                connectionString ??= DefaultFile(builder.Environment);
                // SQLite makes a table anew to change it, outside a transaction; nothing is amiss.
                builder.AddDatabase<SqliteAppDbContext>(o =>
                    o.UseSqlite(connectionString)
                        .WriteInTurn()
                        .ConfigureWarnings(w => w.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning))
                );
                break;
            case "POSTGRESQL" when !string.IsNullOrWhiteSpace(connectionString):
                builder.AddDatabase<PostgreSqlAppDbContext>(o => o.UseNpgsql(connectionString));
                break;
            case "POSTGRESQL":
                throw new StartupException("Database:Provider is PostgreSQL: set ConnectionStrings:Sinterklaas too.");
            default:
                throw new StartupException($"Database:Provider is '{provider}': use Sqlite or PostgreSQL.");
        }
    }

    private static void AddDatabase<TContext>(
        this WebApplicationBuilder builder,
        Action<DbContextOptionsBuilder> configure
    )
        where TContext : AppDbContext
    {
        var services = builder.Services;
        services.AddDbContextFactory<TContext>(configure);
        services.AddSingleton<IDbContextFactory<AppDbContext>, AppDbContextFactory<TContext>>();
        services.AddScoped<AppDbContext>(p => p.GetRequiredService<TContext>());
        services.AddDataProtection().SetApplicationName("Sinterklaas").PersistKeysToDbContext<AppDbContext>();
    }

    private static string DefaultFile(IHostEnvironment environment)
    {
        var folder = Directory.CreateDirectory(Path.Combine(environment.ContentRootPath, "App_Data"));
        var file = Path.Combine(folder.FullName, "sinterklaas.db");
        return new SqliteConnectionStringBuilder { DataSource = file }.ToString();
    }

    private sealed class AppDbContextFactory<TContext>(IDbContextFactory<TContext> contexts)
        : IDbContextFactory<AppDbContext>
        where TContext : AppDbContext
    {
        public AppDbContext CreateDbContext() => contexts.CreateDbContext();
    }
}
