using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;

namespace PayPerUse.Stripe;

/// <summary>Sends money back when we ask.</summary>
internal sealed partial class StripeProvider
{
    /// <summary>Stripe keeps keys for at least 24 hours; an hour is for clocks.</summary>
    public TimeSpan RefundKeyTime => TimeSpan.FromHours(23);

    public string? RefuseRefund(Payment payment, Money amount)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return payment.Mode != Mode
            ? $"payment {payment.Id} is of the {payment.Mode} mode, but Stripe:ApiKey is a key of the {Mode} mode."
            : null;
    }

    public async Task<ProviderRefund> StartRefundAsync(
        Payment payment,
        PaymentRefund refund,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(payment);
        ArgumentNullException.ThrowIfNull(refund);
        var intent = await IntentOfAsync(payment, cancellationToken).ConfigureAwait(false);
        return RefundRequest.Read(
            await reversals
                .CreateRefundAsync(RefundRequest.Of(payment, refund, intent), refund.Id, cancellationToken)
                .ConfigureAwait(false)
        );
    }

    public async Task<ProviderRefund?> FindRefundAsync(
        Payment payment,
        PaymentRefund refund,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(payment);
        ArgumentNullException.ThrowIfNull(refund);
        if (refund.ProviderRefundId is { } id)
        {
            DemandOurModeForRefund(payment);
            var known = await reversals.FindRefundAsync(id, cancellationToken).ConfigureAwait(false);
            return known is not null
                ? RefundRequest.Read(known)
                : throw Failed(
                    PaymentProviderFailure.Unavailable,
                    $"Stripe has no refund {id}. Is Stripe:ApiKey of the account that it was made in?"
                );
        }

        var intent = await IntentOfAsync(payment, cancellationToken).ConfigureAwait(false);
        var refunds = await reversals
            .ListRefundsAsync(intent, StripeCall.FindRefund, cancellationToken)
            .ConfigureAwait(false);
        return refunds.FirstOrDefault(r => RefundRequest.ReferenceOf(r) == refund.Id) is { } found
            ? RefundRequest.Read(found)
            : null;
    }

    /// <summary>
    /// The payment intent, the same on every try. Nothing on the way to it may be taken for a refusal of a refund that an earlier
    /// try may have made.
    /// </summary>
    private async Task<string> IntentOfAsync(Payment payment, CancellationToken cancellationToken)
    {
        DemandOurModeForRefund(payment);
        if (payment.ChargeId is { } known)
        {
            return known;
        }

        try
        {
            var session = await FindSessionAsync(payment, cancellationToken).ConfigureAwait(false);
            return session?.PaymentIntentId
                ?? throw Failed(
                    PaymentProviderFailure.Unavailable,
                    $"Stripe does not tell which payment intent belongs to payment {payment.Id}."
                );
        }
        catch (PaymentProviderException e) when (e.Failure == PaymentProviderFailure.Rejected)
        {
            throw Failed(PaymentProviderFailure.Unavailable, e.Message);
        }
    }

    /// <summary>A key of the other mode knows nothing of this refund, so it cannot refuse it either.</summary>
    private void DemandOurModeForRefund(Payment payment)
    {
        if (RefuseRefund(payment, payment.Price) is { } reason)
        {
            throw Failed(PaymentProviderFailure.Unavailable, reason);
        }
    }
}
