using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PayPerUse.Http.Accounts;

namespace PayPerUse.Http.Guard;

/// <summary>Stops floods in this process before they cost a query. Limits that are sold belong to the ledger's rate window.</summary>
internal sealed class FloodGuard : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<HttpContext>? _limiter;

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
            AutoReplenishment = true,
            QueueLimit = 0,
        };
        _limiter = PartitionedRateLimiter.Create<HttpContext, string>(c =>
            RateLimitPartition.GetTokenBucketLimiter(KeyOf(c), _ => bucket)
        );
    }

    public bool TryPass(HttpContext context, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (_limiter is null)
        {
            return true;
        }

        using var lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired)
        {
            return true;
        }

        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);
        return false;
    }

    public void Dispose() => _limiter?.Dispose();

    private static string KeyOf(HttpContext context) =>
        ClaimAccountResolver.OwnerOf(context.User) is { } owner
            ? "user:" + owner
            : "address:" + context.Connection.RemoteIpAddress;
}
