using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace PayPerUse.Payments;

/// <summary>
/// How every call to a provider travels: overall time-out, retries on passing failures, circuit breaker, time-out of one try.
/// A provider derives one and adds it as a singleton, so that all its calls share the breaker.
/// </summary>
public class ProviderPipeline
{
    /// <summary>Makes a pipeline.</summary>
    /// <param name="options">Times and numbers.</param>
    /// <param name="failures">Which outcomes of this provider's wire are passing.</param>
    /// <param name="clock">The clock.</param>
    public ProviderPipeline(ProviderResilienceOptions options, PassingFailures failures, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(failures);
        var breaker = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions
                {
                    FailureRatio = options.BreakerFailureRatio,
                    MinimumThroughput = options.BreakerMinCalls,
                    SamplingDuration = options.BreakerSampling,
                    BreakDuration = options.BreakerBreak,
                    ShouldHandle = args =>
                        ValueTask.FromResult(failures.IsPassing(args.Outcome.Result, args.Outcome.Exception)),
                }
            )
            .AddTimeout(options.TryTimeout)
            .Build();
        Once = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddTimeout(options.TotalTimeout)
            .AddPipeline(breaker)
            .Build();
        var repeated = new ResiliencePipelineBuilder { TimeProvider = clock }.AddTimeout(options.TotalTimeout);
        if (options.MaxRetries > 0)
        {
            repeated.AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = options.MaxRetries,
                    Delay = options.RetryDelay,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,

                    // A wait that would eat the caller's time is left to the caller.
                    ShouldHandle = args =>
                        ValueTask.FromResult(
                            failures.IsPassing(args.Outcome.Result, args.Outcome.Exception)
                                && failures.MayRepeat(args.Outcome.Result, args.Outcome.Exception)
                                && !(
                                    failures.RetryAfter(args.Outcome.Result, args.Outcome.Exception)
                                    > options.TotalTimeout / 2
                                )
                        ),

                    // Null: the delay above.
                    DelayGenerator = args =>
                        ValueTask.FromResult(failures.RetryAfter(args.Outcome.Result, args.Outcome.Exception)),
                }
            );
        }

        Repeated = repeated.AddPipeline(breaker).Build();
    }

    /// <summary>For a call that must not be sent twice: time-outs and the breaker, no retries.</summary>
    public ResiliencePipeline Once { get; }

    /// <summary>For a call that may be sent again: it only reads, or carries an idempotency key.</summary>
    public ResiliencePipeline Repeated { get; }
}

/// <summary>
/// Which outcomes of a provider's wire are passing failures. The base knows time-outs and broken streams; a provider adds the
/// exceptions and answers of its own client.
/// </summary>
public class PassingFailures
{
    /// <summary>Whether the same call may succeed a moment later; such a failure also counts for the circuit breaker.</summary>
    /// <param name="answer">What the call returned; null when it threw.</param>
    /// <param name="exception">What it threw; null when it returned.</param>
    public virtual bool IsPassing(object? answer, Exception? exception) =>
        exception is IOException or TimeoutRejectedException;

    /// <summary>Whether the provider leaves it open to repeat a call that failed for a passing reason.</summary>
    /// <param name="answer">What the call returned; null when it threw.</param>
    /// <param name="exception">What it threw; null when it returned.</param>
    public virtual bool MayRepeat(object? answer, Exception? exception) => true;

    /// <summary>How long the provider asks us to wait; null when it does not say.</summary>
    /// <param name="answer">What the call returned; null when it threw.</param>
    /// <param name="exception">What it threw; null when it returned.</param>
    public virtual TimeSpan? RetryAfter(object? answer, Exception? exception) => null;
}
