using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace PayPerUse.Payconiq.Wire;

/// <summary>
/// Two ways to call the API that share one circuit breaker: <see cref="Once"/> for creating, which must not be repeated, and
/// <see cref="Retried"/> for all the rest.
/// </summary>
internal sealed class PayconiqPipelines
{
    public PayconiqPipelines(IOptions<PayconiqOptions> options, TimeProvider clock)
    {
        var o = options.Value.Resilience;
        var breaker = New(clock)
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<PayconiqReply>
                {
                    FailureRatio = o.BreakerFailureRatio,
                    MinimumThroughput = o.BreakerMinCalls,
                    SamplingDuration = o.BreakerSampling,
                    BreakDuration = o.BreakerBreak,
                    ShouldHandle = args => ValueTask.FromResult(IsTransient(args.Outcome)),
                }
            )
            .AddTimeout(o.TryTimeout)
            .Build();
        Once = New(clock).AddTimeout(o.TotalTimeout).AddPipeline(breaker).Build();

        var retried = New(clock).AddTimeout(o.TotalTimeout);
        if (o.MaxRetries > 0)
        {
            retried.AddRetry(
                new RetryStrategyOptions<PayconiqReply>
                {
                    MaxRetryAttempts = o.MaxRetries,
                    Delay = o.RetryDelay,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,

                    // A wait that would eat the caller's time is left to the caller.
                    ShouldHandle = args =>
                        ValueTask.FromResult(
                            IsTransient(args.Outcome) && !(args.Outcome.Result?.RetryAfter > o.TotalTimeout / 2)
                        ),

                    // Null: the delay above.
                    DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.RetryAfter),
                }
            );
        }

        Retried = retried.AddPipeline(breaker).Build();
    }

    public ResiliencePipeline<PayconiqReply> Once { get; }

    public ResiliencePipeline<PayconiqReply> Retried { get; }

    private static ResiliencePipelineBuilder<PayconiqReply> New(TimeProvider clock) => new() { TimeProvider = clock };

    private static bool IsTransient(Outcome<PayconiqReply> outcome) =>
        outcome.Result?.IsTransient
        ?? outcome.Exception is HttpRequestException or IOException or TimeoutRejectedException;
}
