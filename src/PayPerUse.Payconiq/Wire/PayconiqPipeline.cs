using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Wire;

/// <summary>How every call travels: creating once, since it must not be repeated, and all the rest with retries.</summary>
internal sealed class PayconiqPipeline(IOptions<PayconiqOptions> options, TimeProvider clock)
    : ProviderPipeline(options.Value.Resilience, new Failures(), clock)
{
    private sealed class Failures : PassingFailures
    {
        public override bool IsPassing(object? answer, Exception? exception) =>
            (answer as PayconiqReply)?.IsTransient
            ?? (exception is HttpRequestException || base.IsPassing(answer, exception));

        public override TimeSpan? RetryAfter(object? answer, Exception? exception) =>
            (answer as PayconiqReply)?.RetryAfter;
    }
}
