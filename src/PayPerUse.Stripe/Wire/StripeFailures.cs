using System.Globalization;
using System.Net;
using PayPerUse.Payments;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Stripe;

namespace PayPerUse.Stripe.Wire;

/// <summary>What a failed call means for an order. Stripe's exceptions end here: their texts may hold parts of a key.</summary>
internal static class StripeFailures
{
    /// <summary>Whether a failed try may have had an effect at Stripe all the same.</summary>
    public static bool MayHaveHappened(Exception e) =>
        e switch
        {
            // An answer that cannot be read comes with its status: a 200 did happen.
            StripeException { HttpStatusCode: var status } => status == 0
                || (int)status is >= 200 and < 300
                || (int)status >= 500
                || status is HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict,
            BrokenCircuitException => false,
            HttpRequestException request => !IsConnectFailure(request),
            _ => true,
        };

    /// <summary>Turns a failure into ours.</summary>
    /// <param name="e">What the pipeline threw.</param>
    /// <param name="call">The call.</param>
    /// <param name="inDoubt">Whether it changes something at Stripe and one of its tries may have done so.</param>
    public static PaymentProviderException? ToOurs(Exception e, StripeCall call, bool inDoubt)
    {
        var passing = inDoubt ? PaymentProviderFailure.Unknown : PaymentProviderFailure.Unavailable;
        return e switch
        {
            StripeException stripe => Of(stripe, call, passing),
            BrokenCircuitException => New(
                passing,
                $"Stripe has failed too often lately and is left alone for a while ({call.Name}).",
                e
            ),
            TimeoutRejectedException => New(passing, $"Stripe did not answer in time ({call.Name}).", e),
            HttpRequestException request when IsConnectFailure(request) => New(
                passing,
                $"Stripe cannot be reached ({request.HttpRequestError}; {call.Name}).",
                e
            ),
            HttpRequestException or IOException => New(passing, $"Stripe broke the connection ({call.Name}).", e),
            _ => null,
        };
    }

    private static PaymentProviderException Of(StripeException e, StripeCall call, PaymentProviderFailure passing)
    {
        var status = (int)e.HttpStatusCode;
        var isPassing = status is 0 or (>= 200 and < 300) or 408 or 409 or 429 or >= 500;
        var failure =
            isPassing ? passing
            : call.IsRefused(e) ? PaymentProviderFailure.Rejected
            : call.HasEffect ? PaymentProviderFailure.Unknown
            : PaymentProviderFailure.Unavailable;
        var code = e.StripeError?.Code ?? e.StripeError?.Type;

        // Only the error object's own words: when there is none, the exception quotes whatever the other side sent.
        var said = StripeSecrets.Redact($"{code} {e.StripeError?.Message}".Trim());
        var hint = status switch
        {
            >= 300 and < 400 => " Redirects are not followed; check Stripe:ApiBase.",
            401 => " Check Stripe:ApiKey.",
            403 => $" Check Stripe:ApiKey: a restricted key needs {call.Permission}.",
            _ => "",
        };
        var id = e.StripeResponse?.RequestId is { Length: > 0 } request ? $", request {request}" : "";
        return New(
            failure,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Stripe answered {status} ({call.Name}{id}): {(said.Length > 0 ? said : "an answer that cannot be read")}.{hint}"
            )
        );
    }

    private static bool IsConnectFailure(HttpRequestException e) =>
        e.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;

    private static PaymentProviderException New(
        PaymentProviderFailure failure,
        string message,
        Exception? cause = null
    ) => new(StripeDefaults.ProviderId, failure, message, cause);
}
