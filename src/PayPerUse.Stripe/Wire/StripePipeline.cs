using System.Net;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Stripe;

namespace PayPerUse.Stripe.Wire;

/// <summary>
/// How every call travels: overall time-out, retries on passing failures, circuit breaker, time-out of one try. The SDK's own
/// retries are off, so that these are the only ones.
/// </summary>
internal sealed class StripePipeline
{
    public StripePipeline(IOptions<StripeOptions> options, TimeProvider clock)
    {
        var o = options.Value.Resilience;
        var builder = new ResiliencePipelineBuilder { TimeProvider = clock }.AddTimeout(o.TotalTimeout);
        if (o.MaxRetries > 0)
        {
            builder.AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = o.MaxRetries,
                    Delay = o.RetryDelay,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldHandle = args =>
                        ValueTask.FromResult(IsTransient(args.Outcome.Exception) && !IsFinal(args.Outcome.Exception)),
                }
            );
        }

        Value = builder
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions
                {
                    FailureRatio = o.BreakerFailureRatio,
                    MinimumThroughput = o.BreakerMinCalls,
                    SamplingDuration = o.BreakerSampling,
                    BreakDuration = o.BreakerBreak,
                    ShouldHandle = args => ValueTask.FromResult(IsTransient(args.Outcome.Exception)),
                }
            )
            .AddTimeout(o.TryTimeout)
            .Build();
    }

    public ResiliencePipeline Value { get; }

    /// <summary>Whether the same call may succeed a moment later. 409: the first try with our key is still at work there.</summary>
    private static bool IsTransient(Exception? e) =>
        e switch
        {
            StripeException { HttpStatusCode: var status } => (int)status >= 500
                || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict,
            HttpRequestException or IOException or TimeoutRejectedException => true,
            _ => false,
        };

    /// <summary>Stripe may say itself that repeating is of no use.</summary>
    private static bool IsFinal(Exception? e) =>
        e is StripeException { StripeResponse.Headers: { } headers }
        && headers.TryGetValues("Stripe-Should-Retry", out var values)
        && values.Contains("false", StringComparer.OrdinalIgnoreCase);
}
