using Microsoft.EntityFrameworkCore;
using Sinterklaas.Web.Data;

namespace Sinterklaas.Web.SignIn;

/// <summary>A place taken within a limit, or how long to wait for one.</summary>
public readonly record struct LimitPlace(long Id, TimeSpan? RetryAfter);

/// <summary>Counts in the database, so that a limit holds over all hosts and after a restart.</summary>
public sealed class SignInLimits(IDbContextFactory<AppDbContext> contexts, TimeProvider clock)
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    /// <summary>Takes a place: first adds it, then counts, so that callers at the same moment never get more than there are.</summary>
    public async Task<LimitPlace> TakeAsync(string key, int places, TimeSpan window, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var mine = new SignInTry { Key = key, At = now };
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.SignInTries.Where(t => t.At <= now - LongestWindow).ExecuteDeleteAsync(ct);
        db.SignInTries.Add(mine);
        await db.SaveChangesAsync(ct);

        var others = await db
            .SignInTries.Where(t => t.Key == key && t.At > now - window && t.Id != mine.Id)
            .OrderByDescending(t => t.At)
            .Take(places)
            .Select(t => t.At)
            .ToListAsync(ct);
        if (others.Count < places)
        {
            return new LimitPlace(mine.Id, RetryAfter: null);
        }

        await GiveBackAsync(mine.Id, ct);
        return new LimitPlace(mine.Id, others[^1] + window - now);
    }

    /// <summary>Gives a place back, as if it was never taken.</summary>
    public async Task GiveBackAsync(long id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.SignInTries.Where(t => t.Id == id).ExecuteDeleteAsync(ct);
    }
}
