using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sinterklaas.Web.Data;

/// <summary>One database for everything: a SQLite file, or PostgreSQL when configured.</summary>
public static class Database
{
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        builder.Services.AddDatabaseChoice<AppDbContext>(
            builder.Configuration,
            "Sinterklaas",
            databases =>
                databases
                    .Add<SqliteAppDbContext>("Sqlite", UseSqlite, () => MakeFile(builder.Environment))
                    .Add<PostgreSqlAppDbContext>("PostgreSQL", (o, c) => o.UseNpgsql(c))
        );
        builder.Services.AddDataProtection().SetApplicationName("Sinterklaas").PersistKeysToDbContext<AppDbContext>();
    }

    /// <summary>Brings it up to date before the site answers, also when several hosts start at once.</summary>
    public static async Task PrepareDatabaseAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        await database.MigrateInTurnAsync(app.Services.MakeFirstKeyAsync, app.Lifetime.ApplicationStopping);
    }

    // SQLite makes a table anew to change it, outside a transaction; nothing is amiss.
    private static void UseSqlite(DbContextOptionsBuilder options, string? connectionString) =>
        options
            .UseSqlite(connectionString)
            .WriteInTurn()
            .ConfigureWarnings(w => w.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning));

    private static string MakeFile(IHostEnvironment environment)
    {
        var folder = Directory.CreateDirectory(Path.Combine(environment.ContentRootPath, "App_Data"));
        var file = Path.Combine(folder.FullName, "sinterklaas.db");
        return new SqliteConnectionStringBuilder { DataSource = file }.ToString();
    }
}
