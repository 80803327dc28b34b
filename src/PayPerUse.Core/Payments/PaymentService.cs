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
/// <param name="providers">Who sends money back.</param>
/// <param name="ledger">Where credits are.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of failures.</param>
public sealed class PaymentService(
    IPaymentStore store,
    PaymentJournal journal,
    PaymentSettler settler,
    PaymentReversals reversals,
    PaymentProviders providers,
    CreditLedger ledger,
    TimeProvider clock,
    ILogger<PaymentService> logger
)
{
    /// <summary>The longest name of who gives an order, in characters.</summary>
    public const int MaxByLength = 64;

    private const int MaxRounds = 10;
    private static readonly TimeSpan FollowUp = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Sends money back through the provider. The credits that it is worth are taken back first, then the provider is asked;
    /// they are given again only when it certainly refuses. An unknown outcome is found out by the sweeper.
    /// </summary>
    /// <param name="order">How much of which payment.</param>
    /// <param name="cancellationToken">Ends the wait; what has begun is finished all the same.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<PaymentOrderResult> RefundAsync(RefundOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        DemandBy(order.By);
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
                    : Told(payment, known.Id);
            }

            var (fresh, refusal) = await FreshAsync(payment, cancellationToken).ConfigureAwait(false);
            if (refusal is not null)
            {
                return refusal;
            }

            var (refund, reason) = await PlanAsync(fresh!, order, cancellationToken).ConfigureAwait(false);
            if (reason is not null)
            {
                return reason;
            }

            // Decided and saved before anything happens: from here on a crash changes nothing.
            var decided = await journal
                .SaveAsync(
                    fresh!,
                    Decide(fresh!, refund!),
                    PaymentTrigger.Operator,
                    $"refund {refund!.Id} of {refund.Amount} asked for",
                    order.By
                )
                .ConfigureAwait(false);
            if (decided is not null)
            {
                return await CarryOutAsync(decided, refund!).ConfigureAwait(false);
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
        ArgumentException.ThrowIfNullOrWhiteSpace(reference);
        DemandBy(by);
        for (var round = 0; round < MaxRounds; round++)
        {
            var payment = await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
            if (payment is null)
            {
                return new(PaymentOrderStatus.NotFound);
            }

            if (payment.Refunds.FirstOrDefault(r => r.ProviderRefundId == reference) is { } known)
            {
                return known.Amount == amount
                    ? Told(payment, known.Id)
                    : new(PaymentOrderStatus.KeyReused, payment, "The reference was recorded with another amount.");
            }

            if (await RefuseRecordAsync(payment, amount, cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                return refusal;
            }

            var finished = await reversals.FinishAsync(payment, PaymentTrigger.Operator).ConfigureAwait(false);
            if (finished is null)
            {
                continue;
            }

            var refund = New(finished, amount, null, by) with
            {
                Source = PaymentRefundSource.Recorded,
                Status = PaymentRefundStatus.Succeeded,
                ProviderRefundId = reference,
            };
            var recorded = await journal
                .SaveAsync(
                    finished,
                    ReversalJudgement.Of(
                        finished with
                        {
                            Refunds = finished.Refunds.With(refund),
                        },
                        null,
                        false,
                        clock.GetUtcNowInMilliseconds()
                    ),
                    PaymentTrigger.Operator,
                    $"refund {reference} of {amount} recorded",
                    by
                )
                .ConfigureAwait(false);
            if (recorded is not null)
            {
                var done = await reversals.FinishAsync(recorded, PaymentTrigger.Operator).ConfigureAwait(false);
                return Told(done ?? recorded, refund.Id);
            }
        }

        throw Busy(paymentId);
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
        DemandBy(by);
        var payment = await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
        if (payment is null)
        {
            return new(PaymentOrderStatus.NotFound);
        }

        if (payment.Status != PaymentStatus.Review)
        {
            return new(
                PaymentOrderStatus.NotAllowed,
                payment,
                $"Only a payment in review is resolved; this one is {payment.Status}."
            );
        }

        if (resolution == PaymentResolution.Refund && CannotRefund(payment, payment.Price) is { } why)
        {
            return new(PaymentOrderStatus.Unsupported, payment, why);
        }

        // The credits are granted either way: what is then sent back takes them back by the one rule.
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
            throw Busy(paymentId);
        }

        var granted = accepted.GrantedAt is null
            ? await settler.GrantAsync(accepted, PaymentTrigger.Operator, mustLookAgain: true).ConfigureAwait(false)
            : accepted;
        if (granted is not { IsGranted: true })
        {
            return new(PaymentOrderStatus.Pending, granted ?? accepted, "It changed meanwhile; look at it again.");
        }

        return resolution == PaymentResolution.Grant
            ? new(PaymentOrderStatus.Done, granted)
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
        DemandBy(by);
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

        if (CannotRefund(payment, payment.Price) is { } why)
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

    private async Task<(PaymentRefund? Refund, PaymentOrderResult? Refusal)> PlanAsync(
        Payment payment,
        RefundOrder order,
        CancellationToken cancellationToken
    )
    {
        var paid = payment.Price.Amount;
        var gone = GoneOf(payment);
        var left = paid - gone;
        long amount;
        switch (order.Extent)
        {
            case RefundExtent.Whole:
                amount = left;
                break;
            case RefundExtent.Unspent:
                var unspent = await UnspentCredits
                    .ReadAsync(ledger, payment, clock.GetUtcNow(), cancellationToken)
                    .ConfigureAwait(false);
                var target = Math.Min(payment.Credits, payment.ReversedCredits + unspent);
                amount =
                    unspent == 0 ? 0 : Math.Min(left, ReversalRule.ReversedFor(payment.Credits, paid, target) - gone);
                break;
            default:
                if (order.Amount is not { Amount: > 0 } asked || asked.Currency != payment.Price.Currency)
                {
                    return Refuse(
                        PaymentOrderStatus.NotAllowed,
                        $"The amount must be more than 0 {payment.Price.Currency}."
                    );
                }

                amount = asked.Amount;
                break;
        }

        if (amount <= 0 || amount > left)
        {
            return Refuse(
                PaymentOrderStatus.NothingLeft,
                order.Extent == RefundExtent.Unspent
                    ? "None of its credits are unspent."
                    : $"{new Money(Math.Max(0, left), payment.Price.Currency)} is left to send back."
            );
        }

        if (payment.Refunds.Count >= PaymentRefunds.MaxCount)
        {
            return Refuse(PaymentOrderStatus.NotAllowed, $"It has {PaymentRefunds.MaxCount} refunds already.");
        }

        var money = new Money(amount, payment.Price.Currency);
        return CannotRefund(payment, money) is { } why
            ? Refuse(PaymentOrderStatus.Unsupported, why)
            : (New(payment, money, order.RequestKey, order.By), null);

        (PaymentRefund?, PaymentOrderResult?) Refuse(PaymentOrderStatus status, string message) =>
            (null, new PaymentOrderResult(status, payment, message));
    }

    private Payment Decide(Payment payment, PaymentRefund refund)
    {
        var target = ReversalRule.TargetOf(
            payment.Credits,
            payment.Price.Amount,
            GoneOf(payment) + refund.Amount.Amount
        );
        var credits = target - payment.ReversedCredits;
        return payment with
        {
            Refunds = payment.Refunds.With(refund),
            Reversals = credits > 0 ? payment.Reversals + 1 : payment.Reversals,
            Reversal =
                credits > 0 ? new PaymentReversal(payment.Reversals + 1, PaymentReversalKind.Revoke, credits) : null,
            NextCheckAt = clock.GetUtcNowInMilliseconds() + FollowUp,
        };
    }

    /// <summary>Credits first, then the money. The caller's token is not used: once decided it is done.</summary>
    private async Task<PaymentOrderResult> CarryOutAsync(Payment decided, PaymentRefund refund)
    {
        var taken = await reversals.FinishAsync(decided, PaymentTrigger.Operator).ConfigureAwait(false);
        if (taken is { IsGranted: true })
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
        return Told(fresh ?? failure?.Payment ?? decided, refund.Id);
    }

    private async Task<PaymentOrderResult?> RefuseRecordAsync(
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

        var left = payment.Price.Amount - GoneOf(payment);
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

    private string? CannotRefund(Payment payment, Money amount)
    {
        try
        {
            return providers.Of(payment) is not IRefundProvider provider
                ? $"{payment.Provider} has no refunds here; make it by hand there, then payments record-refund."
                : provider.RefuseRefund(payment, amount);
        }
        catch (PaymentProviderException e)
        {
            return e.Message;
        }
    }

    private PaymentRefund New(Payment payment, Money amount, string? requestKey, string by) =>
        new()
        {
            Id = PaymentRefunds.IdOf(payment, payment.Refunds.Count + 1),
            Source = PaymentRefundSource.Asked,
            Amount = amount,
            Status = PaymentRefundStatus.Requested,
            At = clock.GetUtcNowInMilliseconds(),
            RequestKey = requestKey,
            By = by,
        };

    private static PaymentOrderResult Told(Payment payment, string refundId)
    {
        var refund = payment.Refunds.FirstOrDefault(r => r.Id == refundId);
        return refund?.Status switch
        {
            PaymentRefundStatus.Succeeded => new(PaymentOrderStatus.Done, payment, null, refund),
            PaymentRefundStatus.Failed => new(
                PaymentOrderStatus.Failed,
                payment,
                "The provider refused; the credits are as before.",
                refund
            ),
            PaymentRefundStatus.Pending => new(
                PaymentOrderStatus.Pending,
                payment,
                "The provider has it; the money is on its way.",
                refund
            ),
            _ => new(
                PaymentOrderStatus.Pending,
                payment,
                "Whether it arrived at the provider is not known yet; the sweeper finds out.",
                refund
            ),
        };
    }

    private static long GoneOf(Payment payment) => (payment.Refunded?.Amount ?? 0) + (payment.Disputed?.Amount ?? 0);

    private static void DemandBy(string by)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(by.Length, MaxByLength, nameof(by));
    }

    private static PaymentStoreException Busy(string paymentId) =>
        new($"Payment {paymentId} keeps changing; try again.");
}

/// <summary>What a person decides about a payment in review.</summary>
public enum PaymentResolution
{
    /// <summary>The credits of our order are granted, or stay granted, as if it matched.</summary>
    Grant = 1,

    /// <summary>The money is sent back, and no credits remain.</summary>
    Refund = 2,
}
