using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PayPerUse.SignIn.Data;

namespace PayPerUse.SignIn.Codes;

/// <summary>A place taken within a limit, or how long to wait for one.</summary>
internal readonly record struct LimitPlace(long Id, TimeSpan? RetryAfter);

/// <summary>
/// Counts in the database, so that a limit holds over all hosts, after a restart, and after an account was deleted. Whom it counts
/// is kept as a hash: to count an address, nobody need read it in the table, its dumps and backups.
/// </summary>
internal sealed class SignInLimits(ISignInContexts contexts, TimeProvider clock)
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    /// <summary>Takes a place: first adds it, then counts, so that callers at the same moment never get more than there are.</summary>
    /// <param name="what">What is limited, such as <c>mail</c>.</param>
    /// <param name="whom">An e-mail address, or the network of a caller.</param>
    /// <param name="places">How many there are in a window.</param>
    /// <param name="window">How long a place is taken.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<LimitPlace> TakeAsync(
        string what,
        string whom,
        int places,
        TimeSpan window,
        CancellationToken cancellationToken
    ) =>
        contexts.RunAsync(async db =>
        {
            var key = $"{what}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whom)))}";
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
