using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace PayPerUse.Http.Guard;

/// <summary>Keeps forged and undecided messages from costing more than they should. Genuine ones are never limited.</summary>
internal sealed class WebhookGuard : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private const int MaxRemembered = 10_000;

    // A flood must neither fill a disk with what is said of it, nor hide what else is said.
    private const int LinesPerMinute = 60;

    private readonly PartitionedRateLimiter<IPAddress> _failures;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _looks = new(StringComparer.Ordinal);
    private readonly FixedWindowRateLimiter _lines = new(
        new()
        {
            PermitLimit = LinesPerMinute,
            Window = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        }
    );
    private readonly TimeProvider _clock;

    public WebhookGuard(IOptions<PayPerUseHttpOptions> options, TimeProvider clock)
    {
        _clock = clock;
        var window = new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.FailedWebhooksPerMinute,
            Window = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        };
        _failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(a =>
            RateLimitPartition.GetFixedWindowLimiter(a, _ => window)
        );
    }

    /// <summary>Counts a message that failed verification; false when its address sent too many.</summary>
    public bool TryFail(IPAddress? address, out TimeSpan retryAfter)
    {
        using var lease = _failures.AttemptAcquire(address ?? IPAddress.None);
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
        return lease.IsAcquired;
    }

    /// <summary>Whether one more message that was not accepted may have its line in the log.</summary>
    public bool MayTell()
    {
        using var lease = _lines.AttemptAcquire();
        return lease.IsAcquired;
    }

    /// <summary>Whether an undecided message may make us look at a payment: once in 10 seconds for each.</summary>
    /// <param name="paymentId">Our id.</param>
    /// <param name="checkedAt">When the provider was last asked, by any host.</param>
    public bool MayLook(string paymentId, DateTimeOffset? checkedAt)
    {
        var now = _clock.GetUtcNow();
        if (now - checkedAt < LookInterval)
        {
            return false;
        }

        Forget(now);
        while (true)
        {
            if (_looks.TryAdd(paymentId, now))
            {
                return true;
            }

            if (_looks.TryGetValue(paymentId, out var last))
            {
                if (now - last < LookInterval)
                {
                    return false;
                }

                if (_looks.TryUpdate(paymentId, now, last))
                {
                    return true;
                }
            }
        }
    }

    public void Dispose()
    {
        _failures.Dispose();
        _lines.Dispose();
    }

    private void Forget(DateTimeOffset now)
    {
        if (_looks.Count < MaxRemembered)
        {
            return;
        }

        foreach (var look in _looks)
        {
            if (now - look.Value >= LookInterval)
            {
                _looks.TryRemove(look);
            }
        }
    }
}
