using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PayPerUse.Diagnostics;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;

namespace PayPerUse.Http.Endpoints;

/// <summary>
/// Answers a provider's message: 200 only once its effect is durable, 400 to a forgery, and 503 to whatever is undecided, so that
/// the provider tries again.
/// </summary>
internal sealed class WebhookReception(
    IPaymentStore store,
    PaymentSettler settler,
    WebhookGuard guard,
    ILogger<WebhookReception> logger
)
{
    public async Task<IResult> ReceiveAsync(
        IPaymentWebhook webhook,
        WebhookMessage message,
        IPAddress? address,
        CancellationToken cancellationToken
    )
    {
        var verdict = await webhook.VerifyAsync(message, cancellationToken).ConfigureAwait(false);
        PayPerUseMetrics.WebhookDone(webhook.ProviderId, verdict.Authenticity.ToString());
        if (verdict.Authenticity == WebhookAuthenticity.Genuine)
        {
            return await SettleAsync(webhook, verdict, cancellationToken).ConfigureAwait(false);
        }

        if (guard.MayTell())
        {
            HttpLog.WebhookRefused(logger, webhook.ProviderId, verdict.Authenticity.ToString(), verdict.Reason);
        }

        if (verdict.Authenticity == WebhookAuthenticity.Undecided)
        {
            await LookAsync(webhook, verdict, cancellationToken).ConfigureAwait(false);
            return Problem.Undecided("The message could not be verified now. Send it again.");
        }

        return guard.TryFail(address, out var retryAfter) ? Problem.InvalidSignature() : Problem.Flooded(retryAfter);
    }

    private async Task<IResult> SettleAsync(
        IPaymentWebhook webhook,
        WebhookVerdict verdict,
        CancellationToken cancellationToken
    )
    {
        if (!verdict.IsRelevant && verdict.ChargeId is null)
        {
            return Results.Ok();
        }

        // A failure to settle is answered 503 by the endpoint's filter.
        if (await FindAsync(webhook, verdict, cancellationToken).ConfigureAwait(false) is { } payment)
        {
            await settler.SettleAsync(payment, PaymentTrigger.Webhook, cancellationToken).ConfigureAwait(false);
            return Results.Ok();
        }

        if (!verdict.IsRelevant)
        {
            return Results.Ok();
        }

        HttpLog.WebhookWithoutPayment(logger, webhook.ProviderId);
        return Problem.Undecided("The payment is not known here (yet). Send the message again.");
    }

    /// <summary>Looks at the payment all the same, sparingly: the message may be true.</summary>
    private async Task LookAsync(IPaymentWebhook webhook, WebhookVerdict verdict, CancellationToken cancellationToken)
    {
        try
        {
            if (
                await FindAsync(webhook, verdict, cancellationToken).ConfigureAwait(false) is { } payment
                && guard.MayLook(payment.Id, payment.CheckedAt)
            )
            {
                await settler.SettleAsync(payment, PaymentTrigger.Webhook, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PayPerUseException e)
        {
            HttpLog.SettleFailed(logger, verdict.PaymentId ?? verdict.ProviderPaymentId ?? "", e);
        }
    }

    private Task<Payment?> FindAsync(
        IPaymentWebhook webhook,
        WebhookVerdict verdict,
        CancellationToken cancellationToken
    ) =>
        store.FindAsync(
            webhook.ProviderId,
            verdict.PaymentId is { } id && PaymentIds.IsOurs(id) ? id : null,
            verdict.ProviderPaymentId is { } theirs && PaymentIds.MayBeTheirs(theirs) ? theirs : null,
            verdict.ChargeId is { } charge && PaymentIds.MayBeTheirs(charge) ? charge : null,
            cancellationToken
        );
}
