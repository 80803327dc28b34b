using Microsoft.EntityFrameworkCore;
using PayPerUse.SignIn.Data;

namespace PayPerUse.SignIn.Codes;

/// <summary>Forgets codes and tries whose time is over: once a minute at most, so that not every visitor pays for it.</summary>
internal sealed class SignInSweep(ISignInContexts contexts, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long _nextTicks;

    public Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var next = Interlocked.Read(ref _nextTicks);
        return
            now.UtcTicks < next || Interlocked.CompareExchange(ref _nextTicks, (now + Interval).UtcTicks, next) != next
            ? Task.CompletedTask
            : contexts.RunAsync(async db =>
            {
                await db.Set<SignInCode>()
                    .Where(c => c.ExpiresAt <= now)
                    .ExecuteDeleteAsync(cancellationToken)
                    .ConfigureAwait(false);
                return await db.Set<SignInTry>()
                    .Where(t => t.At <= now - SignInLimits.LongestWindow)
                    .ExecuteDeleteAsync(cancellationToken)
                    .ConfigureAwait(false);
            });
    }
}
