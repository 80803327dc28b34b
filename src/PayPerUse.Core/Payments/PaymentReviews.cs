using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>
/// Gets a payment out of review: a person accepts what does not match. The credits of our order are granted whatever was decided,
/// so that a refund takes them back by the one rule. Where another amount was paid than ordered, that becomes the price: receipts
/// tell it, and a refund sends back that much.
/// </summary>
/// <param name="journal">Saves what changes.</param>
/// <param name="providers">Who knows what was paid.</param>
/// <param name="settler">Grants.</param>
/// <param name="planner">Knows whether the money can be sent back.</param>
/// <param name="clock">The clock.</param>
public sealed class PaymentReviews(
    PaymentJournal journal,
    PaymentProviders providers,
    PaymentSettler settler,
    RefundPlanner planner,
    TimeProvider clock
)
{
    private static readonly TimeSpan FollowUp = TimeSpan.FromMinutes(1);

    /// <summary>Accepts the payment and grants its credits.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="resolution">What the person decided.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="cancellationToken">Ends the wait for the provider.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    internal async Task<PaymentOrderResult> AcceptAsync(
        Payment payment,
        PaymentResolution resolution,
        string by,
        CancellationToken cancellationToken
    )
    {
        if (payment.Status != PaymentStatus.Review)
        {
            return new(
                PaymentOrderStatus.NotAllowed,
                payment,
                $"Only a payment in review is resolved; this one is {payment.Status}."
            );
        }

        if (resolution == PaymentResolution.Refund && planner.Refuse(payment, payment.Price) is { } why)
        {
            return new(PaymentOrderStatus.Unsupported, payment, why);
        }

        Money price;
        try
        {
            price = await PaidAsync(payment, cancellationToken).ConfigureAwait(false);
        }
        catch (PaymentProviderException e)
        {
            return new(PaymentOrderStatus.Unavailable, payment, e.Message);
        }

        var decision = resolution == PaymentResolution.Grant ? "resolved: grant" : "resolved: refund";
        var accepted = await journal
            .SaveAsync(
                payment,
                payment with
                {
                    Price = price,
                    Status = payment.GrantedAt is null ? PaymentStatus.Processing : PaymentStatus.Paid,
                    IsAccepted = true,
                    PaidAt = payment.PaidAt ?? clock.GetUtcNowInMilliseconds(),
                    NextCheckAt = clock.GetUtcNowInMilliseconds() + FollowUp,
                },
                PaymentTrigger.Operator,
                price == payment.Price ? decision : $"{decision}; {price} was paid, {payment.Price} was ordered",
                by
            )
            .ConfigureAwait(false);
        if (accepted is null)
        {
            throw PaymentService.Busy(payment.Id);
        }

        var granted = accepted.GrantedAt is null
            ? await settler
                .GrantAsync(accepted, accepted, PaymentTrigger.Operator, mustLookAgain: true)
                .ConfigureAwait(false)
            : accepted;
        return granted is { IsGranted: true }
            ? new(PaymentOrderStatus.Done, granted)
            : new(PaymentOrderStatus.Pending, granted ?? accepted, "It changed meanwhile; look at it again.");
    }

    /// <summary>What was really paid, where the provider knows; money that is not there is no price.</summary>
    private async Task<Money> PaidAsync(Payment payment, CancellationToken cancellationToken)
    {
        var said = providers.FindFor(payment) is { } provider
            ? await provider.GetPaymentAsync(payment, cancellationToken).ConfigureAwait(false)
            : null;
        return said is { Status: ProviderPaymentStatus.Paid, Amount: { Amount: > 0 } paid } ? paid : payment.Price;
    }
}
