using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace PayPerUse.Http.Guard;

/// <summary>Stops floods in this process before they cost a query. Limits that are sold belong to the ledger's rate window.</summary>
internal sealed class FloodGuard : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<FloodKey>? _limiter;

    public FloodGuard(IOptions<PayPerUseHttpOptions> options)
    {
        if (options.Value.Flood is not { } flood)
        {
            return;
        }

        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = flood.Burst,
            TokensPerPeriod = Math.Max(1, flood.PerSecond / 10),
            ReplenishmentPeriod = flood.PerSecond >= 10 ? Period : TimeSpan.FromSeconds(1.0 / flood.PerSecond),
            // One timer for all of them.
            AutoReplenishment = false,
            QueueLimit = 0,
        };
        Func<FloodKey, RateLimiter> make = _ => new TokenBucketRateLimiter(bucket);
        _limiter = PartitionedRateLimiter.Create<FloodKey, FloodKey>(key => RateLimitPartition.Get(key, make));
    }

    /// <summary>Lets one more request pass.</summary>
    /// <param name="context">The request.</param>
    /// <param name="owner">Who is signed in; null for nobody.</param>
    /// <param name="retryAfter">How long to wait, when it may not.</param>
    public bool TryPass(HttpContext context, string? owner, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (_limiter is null)
        {
            return true;
        }

        using var lease = _limiter.AttemptAcquire(
            new FloodKey(owner, owner is null ? context.Connection.RemoteIpAddress : null)
        );
        if (lease.IsAcquired)
        {
            return true;
        }

        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
        return false;
    }

    public void Dispose() => _limiter?.Dispose();

    private readonly record struct FloodKey(string? Owner, IPAddress? Address);
}
