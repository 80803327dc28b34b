using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Sinterklaas.Web.Data;

/// <summary>Brings the database up to date before the site answers, also when several hosts start at once.</summary>
public static class DatabaseStart
{
    public static async Task PrepareDatabaseAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await db.Database.MigrateInTurnAsync(MakeFirstKeyAsync, app.Lifetime.ApplicationStopping);

        // In the same turn: two hosts with a first key each would not read one another's cookies at once.
        Task MakeFirstKeyAsync()
        {
            var keys = scope.ServiceProvider.GetRequiredService<IKeyManager>();
            var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
            return keys.GetAllKeys().Count == 0
                ? Task.FromResult(keys.CreateNewKey(now, now.AddDays(90)))
                : Task.CompletedTask;
        }
    }
}
