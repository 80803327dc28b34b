using Microsoft.EntityFrameworkCore;
using PayPerUse.SignIn.Data;

namespace PayPerUse.SignIn.Codes;

/// <summary>A place taken within a limit, or how long to wait for one.</summary>
internal readonly record struct LimitPlace(long Id, TimeSpan? RetryAfter);

/// <summary>Counts in the database, so that a limit holds over all hosts and after a restart.</summary>
internal sealed class SignInLimits(ISignInContexts contexts, TimeProvider clock)
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    /// <summary>Takes a place: first adds it, then counts, so that callers at the same moment never get more than there are.</summary>
    public Task<LimitPlace> TakeAsync(string key, int places, TimeSpan window, CancellationToken cancellationToken) =>
        contexts.RunAsync(async db =>
        {
            var now = clock.GetUtcNow();
            var mine = new SignInTry { Key = key, At = now };
            var tries = db.Set<SignInTry>();
            await tries
                .Where(t => t.At <= now - LongestWindow)
                .ExecuteDeleteAsync(cancellationToken)
                .ConfigureAwait(false);
            tries.Add(mine);
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);

            var others = await tries
                .Where(t => t.Key == key && t.At > now - window && t.Id != mine.Id)
                .OrderByDescending(t => t.At)
                .Take(places)
                .Select(t => t.At)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            if (others.Count < places)
            {
                return new LimitPlace(mine.Id, RetryAfter: null);
            }

            await tries.Where(t => t.Id == mine.Id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
            return new LimitPlace(mine.Id, others[^1] + window - now);
        });

    /// <summary>Gives a place back, as if it was never taken.</summary>
    public Task GiveBackAsync(long id, CancellationToken cancellationToken) =>
        contexts.RunAsync(db => db.Set<SignInTry>().Where(t => t.Id == id).ExecuteDeleteAsync(cancellationToken));
}
