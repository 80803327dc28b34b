using System.Net;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;
using Stripe;

namespace PayPerUse.Stripe.Wire;

/// <summary>How every call travels. The SDK's own retries are off, so that these are the only ones.</summary>
internal sealed class StripePipeline(IOptions<StripeOptions> options, TimeProvider clock)
    : ProviderPipeline(options.Value.Resilience, new Failures(), clock)
{
    private sealed class Failures : PassingFailures
    {
        /// <summary>409: the first try with our key is still at work there.</summary>
        public override bool IsPassing(object? answer, Exception? exception) =>
            exception switch
            {
                StripeException { HttpStatusCode: var status } => (int)status >= 500
                    || status
                        is HttpStatusCode.TooManyRequests
                            or HttpStatusCode.RequestTimeout
                            or HttpStatusCode.Conflict,
                HttpRequestException => true,
                _ => base.IsPassing(answer, exception),
            };

        /// <summary>Stripe may say itself that repeating is of no use.</summary>
        public override bool MayRepeat(object? answer, Exception? exception) =>
            exception is not StripeException { StripeResponse.Headers: { } headers }
            || !headers.TryGetValues("Stripe-Should-Retry", out var values)
            || !values.Contains("false", StringComparer.OrdinalIgnoreCase);
    }
}
