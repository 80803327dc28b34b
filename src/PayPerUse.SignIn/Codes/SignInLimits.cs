using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PayPerUse.SignIn.Data;

namespace PayPerUse.SignIn.Codes;

/// <summary>How often something may happen.</summary>
/// <param name="What">What is limited, such as <c>mail</c>.</param>
/// <param name="Whom">An e-mail address, or the network of a caller.</param>
/// <param name="Places">How many times within the window.</param>
/// <param name="Window">How long one counts.</param>
internal readonly record struct SignInLimit(string What, string Whom, int Places, TimeSpan Window)
{
    /// <summary>What it is counted under: of whom, only a hash.</summary>
    public string Key { get; } = $"{What}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Whom)))}";
}

/// <summary>Places that were taken within limits, or how long to wait for them.</summary>
internal readonly record struct LimitPlaces(IReadOnlyList<long> Ids, TimeSpan? RetryAfter);

/// <summary>
/// Counts in the database, so that a limit holds over all hosts, after a restart, and after an account was deleted. Whom it counts
/// is kept as a hash: to count an address, nobody need read it in the table, its dumps and backups.
/// </summary>
internal sealed class SignInLimits(ISignInContexts contexts, TimeProvider clock)
{
    /// <summary>No window is longer.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    /// <summary>
    /// Takes a place within each limit, or none: first adds them, then counts, so that callers at the same moment never get more
    /// than there are.
    /// </summary>
    public Task<LimitPlaces> TakeAsync(CancellationToken cancellationToken, params SignInLimit[] limits) =>
        contexts.RunAsync(async db =>
        {
            var now = clock.GetUtcNow();
            var mine = Array.ConvertAll(limits, l => new SignInTry { Key = l.Key, At = now });
            db.AddRange(mine);
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);

            var ids = Array.ConvertAll(mine, t => t.Id);
            foreach (var (limit, place) in limits.Zip(mine))
            {
                var others = await db.Set<SignInTry>()
                    .Where(t => t.Key == limit.Key && t.At > now - limit.Window && t.Id != place.Id)
                    .OrderByDescending(t => t.At)
                    .Take(limit.Places)
                    .Select(t => t.At)
                    .ToListAsync(cancellationToken)
                    .ConfigureAwait(false);
                if (others.Count == limit.Places)
                {
                    await RemoveAsync(db, ids, cancellationToken).ConfigureAwait(false);
                    return new LimitPlaces([], others[^1] + limit.Window - now);
                }
            }

            return new LimitPlaces(ids, RetryAfter: null);
        });

    /// <summary>Gives places back, as if they were never taken.</summary>
    public Task GiveBackAsync(LimitPlaces places, CancellationToken cancellationToken) =>
        contexts.RunAsync(db => RemoveAsync(db, places.Ids, cancellationToken));

    private static Task<int> RemoveAsync(DbContext db, IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        db.Set<SignInTry>().Where(t => ids.Contains(t.Id)).ExecuteDeleteAsync(cancellationToken);
}
