using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>Records refunds that were made by hand where we cannot see them.</summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="journal">Saves what changes.</param>
/// <param name="reversals">Takes the credits back.</param>
/// <param name="providers">Who may tell of refunds itself.</param>
/// <param name="planner">Numbers the refund.</param>
/// <param name="clock">The clock.</param>
public sealed class RefundRecorder(
    IPaymentStore store,
    PaymentJournal journal,
    PaymentReversals reversals,
    PaymentProviders providers,
    RefundPlanner planner,
    TimeProvider clock
)
{
    /// <inheritdoc cref="PaymentService.RecordRefundAsync"/>
    internal async Task<PaymentOrderResult> RecordAsync(
        string paymentId,
        Money amount,
        string reference,
        string by,
        CancellationToken cancellationToken
    )
    {
        for (var round = 0; round < PaymentService.MaxRounds; round++)
        {
            var payment = await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
            if (payment is null)
            {
                return new(PaymentOrderStatus.NotFound);
            }

            if (payment.Refunds.FirstOrDefault(r => r.ProviderRefundId == reference) is { } known)
            {
                return known.Amount == amount
                    ? PaymentOrderResult.Of(payment, known.Id)
                    : new(PaymentOrderStatus.KeyReused, payment, "The reference was recorded with another amount.");
            }

            var owed = payment.Refunds.FirstOrDefault(r => r.IsOwed && r.Amount == amount);
            if (
                owed is null
                && await RefuseAsync(payment, amount, cancellationToken).ConfigureAwait(false) is { } refusal
            )
            {
                return refusal;
            }

            var finished = await reversals.FinishAsync(payment, PaymentTrigger.Operator).ConfigureAwait(false);
            if (finished is null)
            {
                continue;
            }

            if (finished is not { IsGranted: true, Reversal: null })
            {
                return new(
                    PaymentOrderStatus.NotAllowed,
                    finished,
                    $"The payment is {finished.Status} now; a person must look at it."
                );
            }

            // One that was owed is the one that is recorded, and keeps who asked for it.
            var refund = (owed ?? planner.New(finished, amount, null, by)) with
            {
                Source = PaymentRefundSource.Recorded,
                Status = PaymentRefundStatus.Succeeded,
                ProviderRefundId = reference,
            };
            var now = clock.GetUtcNowInMilliseconds();
            var noted = finished with { Refunds = finished.Refunds.With(refund) };
            var recorded = await journal
                .SaveAsync(
                    finished,
                    // Only of one that was not owed do we know that the provider tells nothing. What was owed has counted already:
                    // the next look judges, with what the provider tells.
                    owed is null
                        ? ReversalJudgement.Of(noted, null, false, now)
                        : noted with
                        {
                            NextCheckAt = now,
                        },
                    PaymentTrigger.Operator,
                    $"refund {reference} of {amount} recorded",
                    by
                )
                .ConfigureAwait(false);
            if (recorded is not null)
            {
                var done = await reversals.FinishAsync(recorded, PaymentTrigger.Operator).ConfigureAwait(false);
                return PaymentOrderResult.Of(done ?? recorded, refund.Id);
            }
        }

        throw PaymentService.Busy(paymentId);
    }

    private async Task<PaymentOrderResult?> RefuseAsync(
        Payment payment,
        Money amount,
        CancellationToken cancellationToken
    )
    {
        if (!payment.IsGranted)
        {
            return new(
                PaymentOrderStatus.NotAllowed,
                payment,
                $"Only of a paid payment; this one is {payment.Status}."
            );
        }

        if (payment.Refunds.Count >= PaymentRefunds.MaxCount)
        {
            return new(PaymentOrderStatus.NotAllowed, payment, $"It has {PaymentRefunds.MaxCount} refunds already.");
        }

        var left = payment.Price.Amount - payment.GoneBack;
        if (amount.Currency != payment.Price.Currency || amount.Amount < 1 || amount.Amount > left)
        {
            return new(
                PaymentOrderStatus.NothingLeft,
                payment,
                $"At most {new Money(Math.Max(0, left), payment.Price.Currency)} can be recorded."
            );
        }

        try
        {
            var said = await providers.Of(payment).GetPaymentAsync(payment, cancellationToken).ConfigureAwait(false);
            return said?.Reversals is null
                ? null
                : new(
                    PaymentOrderStatus.Unsupported,
                    payment,
                    $"{payment.Provider} tells of its refunds itself; use payments recheck instead."
                );
        }
        catch (PaymentProviderException e)
        {
            return new(PaymentOrderStatus.Unavailable, payment, e.Message);
        }
    }
}
