using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;

namespace Sinterklaas.Web.Data;

/// <summary>Brings the database up to date before the site answers, also when several hosts start at once.</summary>
public static class DatabaseStart
{
    public static async Task PrepareDatabaseAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await using var turn = await StartTurn.TakeAsync(db, app.Lifetime.ApplicationStopping);
        await db.Database.MigrateAsync(app.Lifetime.ApplicationStopping);

        // Made in the same turn: two hosts with a first key each would not read one another's cookies at once.
        var keys = scope.ServiceProvider.GetRequiredService<IKeyManager>();
        if (keys.GetAllKeys().Count == 0)
        {
            var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
            keys.CreateNewKey(now, now.AddDays(90));
        }
    }
}
