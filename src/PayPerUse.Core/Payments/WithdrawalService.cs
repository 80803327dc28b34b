using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>
/// Lets customers take back what they bought and did not use: first what they would get back, then that it is done. Done twice, it
/// is done once.
/// </summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="payments">Sends the money back.</param>
/// <param name="planner">Works out what is unspent.</param>
/// <param name="options">For how long.</param>
/// <param name="clock">The clock.</param>
public sealed class WithdrawalService(
    IPaymentStore store,
    PaymentService payments,
    RefundPlanner planner,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock
)
{
    /// <summary>Who gives the order, in a payment's history and in <see cref="PaymentRefund.By"/>.</summary>
    public const string By = "withdrawal";

    private const int MaxRounds = 5;

    /// <summary>Whether customers can withdraw at all.</summary>
    public bool IsOn => options.Value.Withdrawal.Days > 0;

    /// <summary>Until when a payment can be withdrawn; null when it is not paid, or the app offers no withdrawal.</summary>
    /// <param name="payment">The payment.</param>
    public DateTimeOffset? EndOf(Payment payment)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return IsOn && payment.PaidAt is { } paidAt ? options.Value.Withdrawal.EndOf(paidAt) : null;
    }

    /// <summary>The withdrawals of a payment, oldest first.</summary>
    /// <param name="payment">The payment.</param>
    public static IEnumerable<PaymentRefund> Of(Payment payment)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return payment.Refunds.Where(r => string.Equals(r.By, By, StringComparison.Ordinal));
    }

    /// <summary>What a customer would get back for a payment now.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// null when it is not paid, or the app offers no withdrawal. Nothing, when a person must look at the payment first, but what
    /// was withdrawn is told.
    /// </returns>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<WithdrawalQuote?> QuoteAsync(Payment payment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return CanBeQuoted(payment)
            ? Quote(
                payment,
                payment.IsGranted
                    ? await planner.UnspentAsync(payment, cancellationToken).ConfigureAwait(false)
                    : (0, 0)
            )
            : null;
    }

    /// <summary>
    /// The same without a read, for many payments of one account: all that <see cref="AccountPayments"/> lists of it.
    /// </summary>
    /// <param name="payment">The payment.</param>
    /// <param name="balance">The account that its credits are on now.</param>
    public WithdrawalQuote? Quote(Payment payment, CreditBalance balance)
    {
        ArgumentNullException.ThrowIfNull(payment);
        ArgumentNullException.ThrowIfNull(balance);
        return CanBeQuoted(payment)
            ? Quote(payment, payment.IsGranted ? planner.Unspent(payment, balance) : (0, 0))
            : null;
    }

    /// <summary>Takes the unspent credits of a payment back and refunds them.</summary>
    /// <param name="paymentId">Our id of the payment.</param>
    /// <param name="shown">The amount that the customer agreed to; null for whatever it is now.</param>
    /// <param name="cancellationToken">Ends the wait; what has begun is finished all the same.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<WithdrawalResult> ConfirmAsync(
        string paymentId,
        Money? shown,
        CancellationToken cancellationToken
    )
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var payment = await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
            if (payment is null || await QuoteAsync(payment, cancellationToken).ConfigureAwait(false) is not { } quote)
            {
                return new(WithdrawalStatus.NotFound, payment);
            }

            // The same button pressed again: the one that is under way, or that left nothing.
            var last = Of(payment).LastOrDefault();
            if (last is not null && (last.Status == PaymentRefundStatus.Requested || quote.Credits == 0))
            {
                return Told(payment, last);
            }

            if (!quote.IsInTime || quote.Credits == 0)
            {
                // The credits may have left with a withdrawal that this reading of the payment is too old to know.
                var now = await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
                if (now?.Version != payment.Version)
                {
                    continue;
                }

                return new(quote.IsInTime ? WithdrawalStatus.NothingLeft : WithdrawalStatus.Over, payment);
            }

            if (shown is not null && shown != quote.Amount)
            {
                return new(WithdrawalStatus.Changed, payment);
            }

            var result = await payments
                .RefundAsync(
                    new RefundOrder(paymentId, RefundExtent.Unspent, By)
                    {
                        // What the provider tells meanwhile may make it another amount.
                        Amount = shown,
                        RequestKey = $"{By}-{Of(payment).Count() + 1}",
                        IsByHandAllowed = true,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (result is { Payment: { } changed, Refund: { } refund } && Of(changed).Any(r => r.Id == refund.Id))
            {
                return Told(changed, refund);
            }

            if (result.Status is not (PaymentOrderStatus.NothingLeft or PaymentOrderStatus.InProgress))
            {
                return new(
                    result.Status switch
                    {
                        PaymentOrderStatus.Unavailable => WithdrawalStatus.Unavailable,
                        PaymentOrderStatus.Changed => WithdrawalStatus.Changed,
                        _ => WithdrawalStatus.Refused,
                    },
                    result.Payment
                );
            }
        }

        throw PaymentService.Busy(paymentId);
    }

    private bool CanBeQuoted(Payment payment) => EndOf(payment) is not null && (payment.IsGranted || Of(payment).Any());

    private WithdrawalQuote Quote(Payment payment, (long Credits, long Cents) unspent)
    {
        var until = EndOf(payment)!.Value;
        var amount = new Money(Math.Max(0, unspent.Cents), payment.Price.Currency);
        return new WithdrawalQuote(
            payment,
            amount.Amount == 0 ? 0 : unspent.Credits,
            amount,
            until,
            clock.GetUtcNow() < until,
            planner.Refuse(payment, amount) is not null
        );
    }

    private static WithdrawalResult Told(Payment payment, PaymentRefund refund) =>
        new(
            refund.Status == PaymentRefundStatus.Failed ? WithdrawalStatus.Refused : WithdrawalStatus.Accepted,
            payment,
            refund
        );
}
