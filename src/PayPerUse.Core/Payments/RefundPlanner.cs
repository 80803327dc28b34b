using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>Plans a refund before anything happens: how much money goes back, and which credits go with it.</summary>
/// <param name="ledger">Where it reads what is unspent.</param>
/// <param name="providers">Who would send the money back.</param>
/// <param name="clock">The clock.</param>
public sealed class RefundPlanner(CreditLedger ledger, PaymentProviders providers, TimeProvider clock)
{
    private static readonly TimeSpan FollowUp = TimeSpan.FromMinutes(1);

    /// <summary>The refund that an order comes to, or why there can be none.</summary>
    /// <param name="payment">A granted payment without an unfinished reversal, as the provider says it stands.</param>
    /// <param name="order">How much of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    internal async Task<(PaymentRefund? Refund, PaymentOrderResult? Refusal)> PlanAsync(
        Payment payment,
        RefundOrder order,
        CancellationToken cancellationToken
    )
    {
        var paid = payment.Price.Amount;
        var gone = payment.GoneBack;
        var left = paid - gone;
        long amount;
        switch (order.Extent)
        {
            case RefundExtent.Whole:
                amount = left;
                break;
            case RefundExtent.Unspent:
                (_, amount) = await UnspentAsync(payment, cancellationToken).ConfigureAwait(false);
                if (order.Amount is { } agreed && agreed != new Money(Math.Max(0, amount), payment.Price.Currency))
                {
                    return No(PaymentOrderStatus.Changed, $"What is unspent is no longer worth {agreed}.");
                }

                break;
            default:
                if (order.Amount is not { Amount: > 0 } asked || asked.Currency != payment.Price.Currency)
                {
                    return No(
                        PaymentOrderStatus.NotAllowed,
                        $"The amount must be more than 0 {payment.Price.Currency}."
                    );
                }

                amount = asked.Amount;
                break;
        }

        if (amount <= 0 || amount > left)
        {
            return No(
                PaymentOrderStatus.NothingLeft,
                order.Extent == RefundExtent.Unspent
                    ? "None of its credits are unspent."
                    : $"{new Money(Math.Max(0, left), payment.Price.Currency)} is left to send back."
            );
        }

        if (payment.Refunds.Count >= PaymentRefunds.MaxCount)
        {
            return No(PaymentOrderStatus.NotAllowed, $"It has {PaymentRefunds.MaxCount} refunds already.");
        }

        var money = new Money(amount, payment.Price.Currency);
        var refund = New(payment, money, order.RequestKey, order.By);
        return Refuse(payment, money) switch
        {
            null => (refund, null),
            _ when order.IsByHandAllowed => (
                refund with
                {
                    Source = PaymentRefundSource.ByHand,
                    Status = PaymentRefundStatus.Pending,
                },
                null
            ),
            var why => No(PaymentOrderStatus.Unsupported, why),
        };

        (PaymentRefund?, PaymentOrderResult?) No(PaymentOrderStatus status, string message) =>
            (null, new PaymentOrderResult(status, payment, message));
    }

    /// <summary>How many of a payment's own credits are unspent, and the money that they are worth.</summary>
    internal async Task<(long Credits, long Amount)> UnspentAsync(Payment payment, CancellationToken cancellationToken)
    {
        var account = await ledger.FindCurrentAsync(payment.Account, cancellationToken).ConfigureAwait(false);
        return Unspent(payment, await ledger.ReadBalanceAsync(account, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The same, as a balance says of the account that the payment's credits are on now.</summary>
    internal (long Credits, long Amount) Unspent(Payment payment, CreditBalance balance)
    {
        var (paid, gone) = (payment.Price.Amount, payment.GoneBack);
        var unspent = UnspentCredits.Of(payment, balance, clock.GetUtcNow());
        var target = Math.Min(payment.Credits, payment.ReversedCredits + unspent);
        return unspent == 0
            ? (0, 0)
            : (
                target - payment.ReversedCredits,
                Math.Min(paid - gone, ReversalRule.ReversedFor(payment.Credits, paid, target) - gone)
            );
    }

    /// <summary>The payment with the refund and the credits that it takes back, to be saved before either is carried out.</summary>
    internal Payment Decide(Payment payment, PaymentRefund refund)
    {
        var target = ReversalRule.TargetOf(
            payment.Credits,
            payment.Price.Amount,
            payment.GoneBack + refund.Amount.Amount
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

    /// <summary>Why this amount of the payment cannot be sent back through its provider; null when it can.</summary>
    internal string? Refuse(Payment payment, Money amount)
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

    /// <summary>A refund that nobody has heard of yet, numbered after those that are known.</summary>
    internal PaymentRefund New(Payment payment, Money amount, string? requestKey, string by) =>
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
}
