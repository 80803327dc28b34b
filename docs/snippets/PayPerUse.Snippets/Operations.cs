using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.Snippets;

/// <summary>What docs/operations.md shows.</summary>
public static class Operations
{
    public static void Options(WebApplicationBuilder builder)
    {
        // csharpier-ignore-start
        #region default-options
        builder.Services.AddPayPerUse(o => o.RateLimit ??= new(30, TimeSpan.FromMinutes(1)));
        #endregion
        // csharpier-ignore-end
    }

    public static void Health(WebApplicationBuilder builder)
    {
        #region health
        builder.Services.AddHealthChecks().AddPayPerUse();

        var app = builder.Build();
        app.MapHealthChecks("/health");
        #endregion
    }

    public static async Task MigrateAsync(WebApplication app)
    {
        #region migrate
        await app.MigrateInTurnAsync<AppDbContext>();
        #endregion
    }

    public static void ChooseDatabase(WebApplicationBuilder builder)
    {
        #region database-choice
        builder.Services.AddDatabaseChoice<StoreDbContext>(
            builder.Configuration,
            "Store",
            databases =>
                databases
                    .Add<SqliteStoreDbContext>("Sqlite", (o, connection) => o.UseSqlite(connection))
                    .Add<PostgresStoreDbContext>("PostgreSQL", (o, connection) => o.UseNpgsql(connection))
        );
        builder.Services.AddPayPerUse().UseEntityFrameworkCore<StoreDbContext>();
        #endregion
    }

    public static async Task MigrateWithKeysAsync(WebApplication app)
    {
        #region migrate-keys
        await app.MigrateInTurnAsync<AppDbContext>(app.Services.MakeFirstKeyAsync);
        #endregion
    }

    public static async Task<int> CheckAsync(WebApplicationBuilder builder)
    {
        #region check-settings
        try
        {
            await using var app = builder.Build();
            app.CheckSettings();
            await app.RunAsync();
            return 0;
        }
        catch (PayPerUseException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        #endregion
    }

    public static async Task<int> CommandsAsync(WebApplication app, string[] args)
    {
        #region commands
        if (await app.RunPayPerUseCommandAsync(args) is { } exit)
        {
            return exit;
        }
        #endregion

        await app.RunAsync();
        return 0;
    }

    public static async Task VerifyAsync(CreditLedger ledger, CancellationToken cancellationToken)
    {
        #region verify
        await foreach (var verdict in ledger.VerifyAsync(cancellationToken))
        {
            if (!verdict.IsClean)
            {
                Console.WriteLine(verdict); // the account, and what differs
            }
        }
        #endregion
    }
}

#region database-contexts
public abstract class StoreDbContext(DbContextOptions options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UsePayPerUse();
}

public sealed class SqliteStoreDbContext(DbContextOptions<SqliteStoreDbContext> options) : StoreDbContext(options);

public sealed class PostgresStoreDbContext(DbContextOptions<PostgresStoreDbContext> options) : StoreDbContext(options);
#endregion
