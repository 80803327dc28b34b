using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>
/// What the app or a person on duty does with a payment: send its money back, record that it went back, resolve what waits for a
/// person. Every order is written into the payment's history with who gave it.
/// </summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="journal">Saves what changes.</param>
/// <param name="settler">Settles.</param>
/// <param name="reversals">Carries out what was decided.</param>
/// <param name="planner">Plans refunds.</param>
/// <param name="recorder">Records refunds made by hand.</param>
/// <param name="reviews">Gets payments out of review.</param>
/// <param name="ledger">Where credits are.</param>
/// <param name="logger">Where it tells of failures.</param>
public sealed class PaymentService(
    IPaymentStore store,
    PaymentJournal journal,
    PaymentSettler settler,
    PaymentReversals reversals,
    RefundPlanner planner,
    RefundRecorder recorder,
    PaymentReviews reviews,
    CreditLedger ledger,
    ILogger<PaymentService> logger
)
{
    /// <summary>The longest name of who gives an order, in characters.</summary>
    public const int MaxByLength = 64;

    /// <summary>The longest reference of a refund that was made by hand, in characters.</summary>
    public const int MaxReferenceLength = 128;

    /// <summary>The longest idempotency key of a refund, in characters.</summary>
    public const int MaxKeyLength = 128;

    internal const int MaxRounds = 10;

    /// <summary>
    /// Sends money back through the provider. The credits that it is worth are taken back first, then the provider is asked;
    /// they are given again only when it certainly refuses. An unknown outcome is found out by the sweeper.
    /// </summary>
    /// <param name="order">How much of which payment.</param>
    /// <param name="cancellationToken">Ends the wait; what has begun is finished all the same.</param>
    /// <exception cref="ArgumentException">The order's name or key is blank, too long or of several lines.</exception>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<PaymentOrderResult> RefundAsync(RefundOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        DemandName(order.By, MaxByLength, nameof(order.By));
        if (order.RequestKey is not null)
        {
            DemandName(order.RequestKey, MaxKeyLength, nameof(order.RequestKey));
        }

        for (var round = 0; round < MaxRounds; round++)
        {
            var payment = await store.FindAsync(order.PaymentId, cancellationToken).ConfigureAwait(false);
            if (payment is null)
            {
                return new(PaymentOrderStatus.NotFound);
            }

            if (order.RequestKey is { } key && payment.Refunds.FindByKey(key) is { } known)
            {
                return order.Amount is { } amount && order.Extent == RefundExtent.Amount && amount != known.Amount
                    ? new(PaymentOrderStatus.KeyReused, payment, "The key was used for another amount.", known)
                    : PaymentOrderResult.Of(payment, known.Id);
            }

            var (fresh, refusal) = await FreshAsync(payment, order, cancellationToken).ConfigureAwait(false);
            if (refusal is not null)
            {
                return refusal;
            }

            var (refund, reason) = await planner.PlanAsync(fresh!, order, cancellationToken).ConfigureAwait(false);
            if (reason is not null)
            {
                return reason;
            }

            // Decided and saved before anything happens: from here on a crash changes nothing.
            var decided = await journal
                .SaveAsync(
                    fresh!,
                    planner.Decide(fresh!, refund!),
                    PaymentTrigger.Operator,
                    $"refund {refund!.Id} of {refund.Amount} asked for",
                    order.By
                )
                .ConfigureAwait(false);
            if (decided is not null)
            {
                return await CarryOutAsync(decided, refund!, order).ConfigureAwait(false);
            }
        }

        throw Busy(order.PaymentId);
    }

    /// <summary>
    /// Records a refund that was made by hand where we cannot see it: in the portal of a provider that does not tell, or by bank
    /// transfer. The same reference again records nothing new.
    /// </summary>
    /// <param name="paymentId">Our id of the payment.</param>
    /// <param name="amount">How much, in the payment's currency.</param>
    /// <param name="reference">The refund's id or the transfer's reference, 1 to 128 characters; its identity here.</param>
    /// <param name="by">Who records it: 1 to 64 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The reference or the name is blank, too long or of several lines.</exception>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<PaymentOrderResult> RecordRefundAsync(
        string paymentId,
        Money amount,
        string reference,
        string by,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(amount);
        DemandName(reference, MaxReferenceLength, nameof(reference));
        DemandName(by, MaxByLength, nameof(by));
        return await recorder.RecordAsync(paymentId, amount, reference, by, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Decides about a payment in review.</summary>
    /// <param name="paymentId">Our id of the payment.</param>
    /// <param name="resolution">What to do.</param>
    /// <param name="by">Who decides: 1 to 64 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<PaymentOrderResult> ResolveAsync(
        string paymentId,
        PaymentResolution resolution,
        string by,
        CancellationToken cancellationToken
    )
    {
        DemandName(by, MaxByLength, nameof(by));
        var payment = await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
        if (payment is null)
        {
            return new(PaymentOrderStatus.NotFound);
        }

        var accepted = await reviews.AcceptAsync(payment, resolution, by, cancellationToken).ConfigureAwait(false);
        return resolution == PaymentResolution.Grant || accepted.Status != PaymentOrderStatus.Done
            ? accepted
            : await RefundAsync(new RefundOrder(paymentId, RefundExtent.Whole, by), cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>Asks the provider now how a payment stands, whatever its status, and does what follows.</summary>
    /// <param name="paymentId">Our id of the payment.</param>
    /// <param name="by">Who asks: 1 to 64 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<PaymentOrderResult> RecheckAsync(string paymentId, string by, CancellationToken cancellationToken)
    {
        DemandName(by, MaxByLength, nameof(by));
        var payment = await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
        if (payment is null)
        {
            return new(PaymentOrderStatus.NotFound);
        }

        await journal.SaveAsync(payment, payment, PaymentTrigger.Operator, "rechecked", by).ConfigureAwait(false);
        var (fresh, failure) = await AskAsync(payment, cancellationToken).ConfigureAwait(false);
        return failure ?? new(PaymentOrderStatus.Done, fresh);
    }

    private async Task<(Payment? Payment, PaymentOrderResult? Refusal)> FreshAsync(
        Payment payment,
        RefundOrder order,
        CancellationToken cancellationToken
    )
    {
        if (!payment.IsGranted)
        {
            var hint =
                payment.Status == PaymentStatus.Review ? " Resolve it first: payments resolve ID grant|refund." : "";
            return (
                null,
                new(
                    PaymentOrderStatus.NotAllowed,
                    payment,
                    $"Only a paid payment can be refunded; this one is {payment.Status}.{hint}"
                )
            );
        }

        if (!order.IsByHandAllowed && planner.Refuse(payment, payment.Price) is { } why)
        {
            return (null, new(PaymentOrderStatus.Unsupported, payment, why));
        }

        var (fresh, failure) = await AskAsync(payment, cancellationToken).ConfigureAwait(false);
        if (failure is not null)
        {
            return (null, failure);
        }

        if (fresh is not { IsGranted: true, Reversal: null })
        {
            return (
                null,
                new(
                    PaymentOrderStatus.NotAllowed,
                    fresh,
                    $"The payment is {fresh?.Status} now; a person must look at it."
                )
            );
        }

        return fresh.Refunds.Requested is { } requested
            ? (
                null,
                new(
                    PaymentOrderStatus.InProgress,
                    fresh,
                    $"Whether refund {requested.Id} arrived at the provider is not known yet; wait for that.",
                    requested
                )
            )
            : (fresh, null);
    }

    /// <summary>Credits first, then the money. The caller's token is not used: once decided it is done.</summary>
    private async Task<PaymentOrderResult> CarryOutAsync(Payment decided, PaymentRefund refund, RefundOrder order)
    {
        var taken = await reversals.FinishAsync(decided, PaymentTrigger.Operator).ConfigureAwait(false);
        if (
            order.Extent == RefundExtent.Unspent
            && taken is { IsGranted: true }
            && await WasSpentMeanwhileAsync(taken).ConfigureAwait(false)
        )
        {
            await journal
                .SaveAsync(
                    taken,
                    taken with
                    {
                        Refunds = taken.Refunds.With(refund with { Status = PaymentRefundStatus.Failed }),
                    },
                    PaymentTrigger.Operator,
                    $"refund {refund.Id} called off: its credits were spent meanwhile",
                    order.By
                )
                .ConfigureAwait(false);
        }
        else if (refund.IsOwed)
        {
            PaymentLog.RefundOwed(logger, decided.Id, refund.Id, refund.Amount);
        }
        else if (taken is { IsGranted: true })
        {
            try
            {
                await reversals.StartRefundAsync(taken, refund, CancellationToken.None).ConfigureAwait(false);
            }
            catch (PaymentProviderException e)
            {
                PaymentLog.RefundInDoubt(logger, decided.Id, refund.Id, e);
            }
        }

        // Judges the sums once more: gives credits back when the provider refused.
        var (fresh, failure) = await AskAsync(decided, CancellationToken.None).ConfigureAwait(false);
        return PaymentOrderResult.Of(fresh ?? failure?.Payment ?? decided, refund.Id);
    }

    /// <summary>
    /// Whether what was unspent when the refund was planned has been used before it was taken back: then the account owes it. Later
    /// it can't be used any more.
    /// </summary>
    private async Task<bool> WasSpentMeanwhileAsync(Payment payment)
    {
        var account = await ledger.FindCurrentAsync(payment.Account, CancellationToken.None).ConfigureAwait(false);
        return (await ledger.ReadBalanceAsync(account, CancellationToken.None).ConfigureAwait(false)).Balance < 0;
    }

    private async Task<(Payment? Payment, PaymentOrderResult? Failure)> AskAsync(
        Payment payment,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var fresh = await settler
                .SettleAsync(payment.Id, PaymentTrigger.Operator, cancellationToken)
                .ConfigureAwait(false);
            return (fresh, null);
        }
        catch (PaymentProviderException e)
        {
            PaymentLog.SettleFailed(logger, payment.Id, payment.Provider, e);
            var current = await store.FindAsync(payment.Id, CancellationToken.None).ConfigureAwait(false);
            return (null, new(PaymentOrderStatus.Unavailable, current ?? payment, e.Message));
        }
    }

    /// <summary>Whether a text can be a name, a key or a reference: not blank, on one line, not too long.</summary>
    internal static bool IsName(string text, int maxLength) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= maxLength && !text.Any(char.IsControl);

    private static void DemandName(string text, int maxLength, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        if (!IsName(text, maxLength))
        {
            throw new ArgumentException($"It must have 1 to {maxLength} characters on one line.", parameter);
        }
    }

    internal static PaymentStoreException Busy(string paymentId) =>
        new($"Payment {paymentId} keeps changing; try again.");
}
