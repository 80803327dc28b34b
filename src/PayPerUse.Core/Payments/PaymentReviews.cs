using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>
/// Gets a payment out of review: a person accepts what does not match. The credits of our order are granted whatever was decided,
/// so that a refund takes them back by the one rule.
/// </summary>
/// <param name="journal">Saves what changes.</param>
/// <param name="settler">Grants.</param>
/// <param name="planner">Knows whether the money can be sent back.</param>
/// <param name="clock">The clock.</param>
public sealed class PaymentReviews(
    PaymentJournal journal,
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
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    internal async Task<PaymentOrderResult> AcceptAsync(Payment payment, PaymentResolution resolution, string by)
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

        var accepted = await journal
            .SaveAsync(
                payment,
                payment with
                {
                    Status = payment.GrantedAt is null ? PaymentStatus.Processing : PaymentStatus.Paid,
                    IsAccepted = true,
                    PaidAt = payment.PaidAt ?? clock.GetUtcNowInMilliseconds(),
                    NextCheckAt = clock.GetUtcNowInMilliseconds() + FollowUp,
                },
                PaymentTrigger.Operator,
                resolution == PaymentResolution.Grant ? "resolved: grant" : "resolved: refund",
                by
            )
            .ConfigureAwait(false);
        if (accepted is null)
        {
            throw PaymentService.Busy(payment.Id);
        }

        var granted = accepted.GrantedAt is null
            ? await settler.GrantAsync(accepted, PaymentTrigger.Operator, mustLookAgain: true).ConfigureAwait(false)
            : accepted;
        return granted is { IsGranted: true }
            ? new(PaymentOrderStatus.Done, granted)
            : new(PaymentOrderStatus.Pending, granted ?? accepted, "It changed meanwhile; look at it again.");
    }
}
