using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sinterklaas.Web.Data;

/// <summary>One database for everything: a SQLite file, or PostgreSQL when configured.</summary>
public static class Database
{
    public static void AddDatabase(this WebApplicationBuilder builder)
    {
        var file = Path.Combine(builder.Environment.ContentRootPath, "App_Data", "sinterklaas.db");
        builder.Services.AddDatabaseChoice<AppDbContext>(
            builder.Configuration,
            "Sinterklaas",
            databases =>
                databases
                    .Add<SqliteAppDbContext>("Sqlite", UseSqlite, () => $"Data Source=\"{file}\"")
                    .Add<PostgreSqlAppDbContext>("PostgreSQL", (o, c) => o.UseNpgsql(c))
        );
        builder.Services.AddDataProtection().SetApplicationName("Sinterklaas").PersistKeysToDbContext<AppDbContext>();
    }

    // SQLite makes a table anew to change it, outside a transaction; nothing is amiss.
    private static void UseSqlite(DbContextOptionsBuilder options, string? connectionString) =>
        options
            .UseSqlite(connectionString)
            .WriteInTurn()
            .OverwriteDeleted()
            .ConfigureWarnings(w => w.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning));
}
