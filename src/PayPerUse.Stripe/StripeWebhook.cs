using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;
using Stripe;

namespace PayPerUse.Stripe;

/// <summary>Verifies Stripe's webhooks: signature first, then the API version, then whether the event concerns a payment of ours.</summary>
internal sealed class StripeWebhook(IOptions<StripeOptions> options, TimeProvider clock, ILogger<StripeWebhook> logger)
    : IPaymentWebhook
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public string ProviderId => StripeDefaults.ProviderId;

    public string SignatureHeader => StripeDefaults.SignatureHeader;

    public Task<WebhookVerdict> VerifyAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.FromResult(Verify(message));
    }

    private WebhookVerdict Verify(WebhookMessage message)
    {
        var header = message
            .Headers.FirstOrDefault(h => string.Equals(h.Key, SignatureHeader, StringComparison.OrdinalIgnoreCase))
            .Value;
        if (string.IsNullOrEmpty(header))
        {
            return Forged($"There is no header {SignatureHeader}.");
        }

        try
        {
            // The SDK hashes text: only bytes that are that very text may pass for it.
            EventUtility.ValidateSignature(
                StrictUtf8.GetString(message.Body.Span),
                header,
                options.Value.WebhookSecret,
                (long)StripeDefaults.SignatureTolerance.TotalSeconds,
                clock.GetUtcNow().ToUnixTimeSeconds()
            );
        }
        catch (Exception e)
            when (e
                    is StripeException
                        or ArgumentException
                        or FormatException
                        or OverflowException
                        or IndexOutOfRangeException
            )
        {
            return Forged(
                "The signature does not match, or is too old. Check Stripe:WebhookSecret and this host's clock."
            );
        }

        return Read(message.Body);
    }

    /// <summary>Reads the few fields we need ourselves: they are the same in every API version, so that a wrong one can be named.</summary>
    private WebhookVerdict Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return Judge(EventMessage.Read(body));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Text that is no valid Unicode shows itself only when it is read.
            return Undecided("The body is signed but is no JSON object.");
        }
    }

    private WebhookVerdict Judge(EventMessage message)
    {
        if (message.Object != "event")
        {
            StripeLog.WrongShape(logger, message.Object ?? "(none)");
            return Undecided("The endpoint's payload style is not 'snapshot'.");
        }

        var keyIsLive = options.Value.Mode == PaymentMode.Live;
        if (message.IsLive != keyIsLive)
        {
            StripeLog.WrongMode(logger, message.IsLive ? "live" : "test", keyIsLive ? "live" : "test");
            return new() { Authenticity = WebhookAuthenticity.Genuine };
        }

        if (!StripeApiVersion.IsCompatible(message.ApiVersion))
        {
            StripeLog.WrongApiVersion(logger, message.ApiVersion ?? "(none)", StripeApiVersion.Expected);
            return Undecided(
                $"The endpoint's API version is {message.ApiVersion ?? "(none)"}, expected is {StripeApiVersion.Expected}."
            ) with
            {
                // Worth a look all the same: what Stripe answers to our own question is of our version.
                PaymentId = message.PaymentId,
                ProviderPaymentId = message.SessionId,
                ChargeId = message.PaymentIntent,
            };
        }

        return new()
        {
            Authenticity = WebhookAuthenticity.Genuine,
            PaymentId = message.PaymentId,
            ProviderPaymentId = message.SessionId,
            ChargeId = message.PaymentIntent,
        };
    }

    private static WebhookVerdict Forged(string reason) =>
        new() { Authenticity = WebhookAuthenticity.Forged, Reason = reason };

    private static WebhookVerdict Undecided(string reason) =>
        new() { Authenticity = WebhookAuthenticity.Undecided, Reason = reason };
}
