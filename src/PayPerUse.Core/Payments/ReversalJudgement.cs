namespace PayPerUse.Payments;

/// <summary>What follows when money of a granted payment went back: a pure function of sums, so that every order of messages ends alike.</summary>
internal static class ReversalJudgement
{
    private static readonly TimeSpan RetryMargin = TimeSpan.FromMinutes(1);

    /// <summary>The payment with its money as told, and the reversal that its credits need, if any.</summary>
    /// <param name="payment">A granted payment without an unfinished reversal.</param>
    /// <param name="told">What the provider says; null when it does not tell.</param>
    /// <param name="holdsInDispute">Whether money in dispute counts before it is withdrawn.</param>
    /// <param name="now">The moment.</param>
    public static Payment Of(Payment payment, ProviderReversals? told, bool holdsInDispute, DateTimeOffset now)
    {
        var refunds = payment.Refunds;
        var refunded = told is null
            ? refunds.Sum()
            : told.Refunded.Amount + refunds.Sum(PaymentRefundSource.Recorded, PaymentRefundSource.ByHand);
        var disputed = told?.Disputed.Amount ?? payment.Disputed?.Amount ?? 0;
        var contested = holdsInDispute ? told?.Contested?.Amount ?? 0 : 0;
        var target = ReversalRule.TargetOf(payment.Credits, payment.Price.Amount, refunded + disputed + contested);
        var delta = target - payment.ReversedCredits;

        // The provider may or may not have counted a refund in doubt: until we know, nothing is given back.
        if (delta < 0 && refunds.Requested is not null)
        {
            delta = 0;
        }

        return payment with
        {
            Status =
                disputed > 0 ? PaymentStatus.Disputed
                : refunded >= payment.Price.Amount ? PaymentStatus.Refunded
                : PaymentStatus.Paid,
            Refunded = MoneyOf(payment, refunded),
            Disputed = MoneyOf(payment, disputed),
            Reversals = delta == 0 ? payment.Reversals : payment.Reversals + 1,
            Reversal =
                delta == 0
                    ? null
                    : new PaymentReversal(
                        payment.Reversals + 1,
                        delta > 0 ? PaymentReversalKind.Revoke : PaymentReversalKind.Restore,
                        Math.Abs(delta)
                    ),
            NextCheckAt = delta == 0 ? NextCheckOf(payment, now) : now + RetryMargin,
        };
    }

    /// <summary>When the sweeper looks again at a granted payment: only while one of its refunds is open.</summary>
    public static DateTimeOffset? NextCheckOf(Payment payment, DateTimeOffset now)
    {
        var next = (DateTimeOffset?)null;
        foreach (var refund in payment.Refunds.Open)
        {
            var isInDoubt = refund.Status == PaymentRefundStatus.Requested;
            var age = now - refund.At;
            var wait = TimeSpan.FromSeconds(
                Math.Clamp(age.TotalSeconds / 4, isInDoubt ? 15 : 60, isInDoubt ? 600 : 6 * 3600)
            );
            next = next < now + wait ? next : now + wait;
        }

        return next;
    }

    private static Money? MoneyOf(Payment payment, long amount) =>
        amount == 0 ? null : new Money(amount, payment.Price.Currency);
}
