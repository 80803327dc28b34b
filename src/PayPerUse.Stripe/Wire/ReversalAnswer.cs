using PayPerUse.Payments;
using Stripe;

namespace PayPerUse.Stripe.Wire;

/// <summary>Adds up what went back of one charge: refunds that have not failed, and what disputes hold now.</summary>
internal static class ReversalAnswer
{
    public static ProviderReversals Of(Charge charge, IReadOnlyList<Refund>? refunds, IReadOnlyList<Dispute> disputes)
    {
        var currency = charge.Currency.ToUpperInvariant();
        return new ProviderReversals
        {
            Refunded = new Money(RefundedOf(charge, refunds), currency),
            Disputed = new Money(disputes.Sum(d => WithdrawnOf(d, charge.Currency)), currency),
            Contested = new Money(disputes.Sum(d => ContestedOf(d, charge.Currency)), currency),
        };
    }

    /// <summary>
    /// The charge's own sum, less refunds that failed, as far as it still counts them: Stripe does not say whether it does. At
    /// least the refunds that are alive.
    /// </summary>
    private static long RefundedOf(Charge charge, IReadOnlyList<Refund>? refunds)
    {
        var alive = refunds?.Where(RefundRequest.Counts).Sum(r => r.Amount) ?? 0;
        var dead = refunds?.Where(r => !RefundRequest.Counts(r)).Sum(r => r.Amount) ?? 0;
        return Math.Max(alive, charge.AmountRefunded - dead);
    }

    /// <summary>
    /// What a dispute holds: the sum of its balance transactions, without Stripe's fee. An inquiry (<c>warning_*</c>) has none.
    /// </summary>
    private static long WithdrawnOf(Dispute dispute, string currency)
    {
        var moves = dispute.BalanceTransactions ?? [];
        if (moves.Count == 0)
        {
            // A lost dispute is over: its money is gone, also where the moves are not told.
            return dispute.Status == "lost" ? dispute.Amount : 0;
        }

        // In another currency the rate changes between two moves: then the last one says where the money is.
        var withdrawn =
            moves.All(m => string.Equals(m.Currency, currency, StringComparison.OrdinalIgnoreCase))
                ? -moves.Sum(m => m.Amount)
            : moves.MaxBy(m => m.Created)!.Amount < 0 ? dispute.Amount
            : 0;
        return Math.Clamp(withdrawn, 0, Math.Max(0, dispute.Amount));
    }

    private static long ContestedOf(Dispute dispute, string currency) =>
        dispute.Status is "won" or "lost" or "warning_closed" or "prevented"
            ? 0
            : Math.Max(0, dispute.Amount - WithdrawnOf(dispute, currency));
}
