using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>Carries out what was decided about money that goes back: credits at the ledger, refunds at the provider.</summary>
/// <param name="journal">Saves what changes.</param>
/// <param name="providers">Who sends money back.</param>
/// <param name="cursors">How far the lists of refunds were read.</param>
/// <param name="ledger">Where credits are taken back.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of failures.</param>
public sealed class PaymentReversals(
    PaymentJournal journal,
    PaymentProviders providers,
    IReversalCursors cursors,
    CreditLedger ledger,
    TimeProvider clock,
    ILogger<PaymentReversals> logger
)
{
    // The ledger's action must be the same on every try, whatever the money's story is by then.
    private const string Action = "reversal";

    // Shorter than any refund can follow a payment unseen: a list is read once a minute at most by default, and margins overlap.
    private static readonly TimeSpan LateMargin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Tells the ledger of the saved reversal, if there is one. However often that is repeated, the ledger does it once.
    /// </summary>
    /// <param name="payment">The payment.</param>
    /// <param name="trigger">What made us look.</param>
    /// <returns>The payment with nothing left to do, or in review; null when it changed meanwhile.</returns>
    public async Task<Payment?> FinishAsync(Payment payment, PaymentTrigger trigger)
    {
        ArgumentNullException.ThrowIfNull(payment);
        if (payment.Reversal is not { } reversal)
        {
            return payment;
        }

        var isRevoke = reversal.Kind == PaymentReversalKind.Revoke;
        var id = reversal.IdOf(payment);
        var result = await ledger
            .FollowAsync(
                payment.Account,
                account =>
                    isRevoke
                        ? CreditCommand.Revoke(account, id, payment.GrantId, reversal.Credits, Action)
                        : CreditCommand.Restore(account, id, payment.GrantId, reversal.Credits, Action)
            )
            .ConfigureAwait(false);
        if (!result.Succeeded)
        {
            PaymentLog.ReversalRefused(logger, payment.Id, reversal.Kind, reversal.Credits, result.Status);
            return await journal
                .SaveAsync(
                    payment,
                    payment with
                    {
                        Status = PaymentStatus.Review,
                        NextCheckAt = null,
                    },
                    trigger,
                    $"The ledger answered {result.Status} to the {reversal.Kind} of {reversal.Credits} credit(s)."
                )
                .ConfigureAwait(false);
        }

        return await journal
            .SaveAsync(
                payment,
                payment with
                {
                    Reversal = null,
                    ReversedCredits = payment.ReversedCredits + (isRevoke ? reversal.Credits : -reversal.Credits),
                    NextCheckAt = ReversalJudgement.NextCheckOf(payment, clock.GetUtcNowInMilliseconds()),
                },
                trigger
            )
            .ConfigureAwait(false);
    }

    /// <summary>Finds out how the open refunds stand, and asks again for those in doubt.</summary>
    /// <param name="payment">The payment, without an unfinished reversal.</param>
    /// <param name="trigger">What made us look.</param>
    /// <returns>The payment with what is known now; null when it changed meanwhile.</returns>
    /// <exception cref="PaymentProviderException">The provider did not answer.</exception>
    public async Task<Payment?> FollowRefundsAsync(Payment payment, PaymentTrigger trigger)
    {
        ArgumentNullException.ThrowIfNull(payment);
        if (!payment.Refunds.Open.Any() || providers.Of(payment) is not IRefundProvider provider)
        {
            return payment;
        }

        var current = payment;
        foreach (var refund in payment.Refunds.Open)
        {
            var said =
                refund.Status == PaymentRefundStatus.Requested
                    ? await AskAgainAsync(provider, current, refund).ConfigureAwait(false)
                    : await provider.FindRefundAsync(current, refund, CancellationToken.None).ConfigureAwait(false);

            // A refund that was pending and is unknown now is not undone by that.
            var next = said is null && refund.Status == PaymentRefundStatus.Pending ? refund : After(refund, said);
            if (next == refund)
            {
                continue;
            }

            var saved = await SaveAsync(current, next, trigger).ConfigureAwait(false);
            if (saved is null)
            {
                return null;
            }

            current = saved;
        }

        return current;
    }

    /// <summary>
    /// A payment that is found paid late may have been refunded before its provider's id was known here, so that the list's
    /// notice of that was not understood. Where only the list tells, it is read again from the moment of payment.
    /// </summary>
    /// <param name="payment">A paid payment that is about to be granted.</param>
    /// <param name="said">What the provider said of it.</param>
    internal async Task ListenFromAsync(Payment payment, ProviderPayment? said)
    {
        var provider = providers.Of(payment);
        if (
            said is not { Reversals: null }
            || provider is not IReversalFeed { IsReadable: true } feed
            || payment.PaidAt is not { } paidAt
            || clock.GetUtcNow() - paidAt < LateMargin
        )
        {
            return;
        }

        var name = ReversalFeeds.NameOf(provider);
        while (await cursors.ReadCursorAsync(name, CancellationToken.None).ConfigureAwait(false) is { } cursor)
        {
            var back = feed.Rewind(cursor, paidAt);
            if (
                string.Equals(back, cursor, StringComparison.Ordinal)
                || await cursors.TryMoveCursorAsync(name, cursor, back, CancellationToken.None).ConfigureAwait(false)
            )
            {
                return;
            }
        }
    }

    /// <summary>Asks the provider for a refund that was saved, and saves what it says.</summary>
    /// <param name="payment">The payment, with the refund.</param>
    /// <param name="refund">The refund, requested.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The payment with the refund as it stands; null when it changed meanwhile.</returns>
    /// <exception cref="PaymentProviderException">We cannot know; the sweeper finds out.</exception>
    internal async Task<Payment?> StartRefundAsync(
        Payment payment,
        PaymentRefund refund,
        CancellationToken cancellationToken
    )
    {
        var provider = (IRefundProvider)providers.Of(payment);
        ProviderRefund? said;
        try
        {
            said = await provider.StartRefundAsync(payment, refund, cancellationToken).ConfigureAwait(false);
        }
        catch (PaymentProviderException e) when (e.Failure == PaymentProviderFailure.Rejected)
        {
            PaymentLog.RefundRejected(logger, payment.Id, refund.Id, e);
            said = null;
        }

        return await SaveAsync(payment, After(refund, said), PaymentTrigger.Operator).ConfigureAwait(false);
    }

    private async Task<ProviderRefund?> AskAgainAsync(IRefundProvider provider, Payment payment, PaymentRefund refund)
    {
        try
        {
            return clock.GetUtcNow() - refund.At < provider.RefundKeyTime
                ? await provider.StartRefundAsync(payment, refund, CancellationToken.None).ConfigureAwait(false)
                : await provider.FindRefundAsync(payment, refund, CancellationToken.None).ConfigureAwait(false);
        }
        catch (PaymentProviderException e) when (e.Failure == PaymentProviderFailure.Rejected)
        {
            PaymentLog.RefundRejected(logger, payment.Id, refund.Id, e);
            return null;
        }
    }

    private Task<Payment?> SaveAsync(Payment payment, PaymentRefund refund, PaymentTrigger trigger) =>
        journal.SaveAsync(
            payment,
            payment with
            {
                Refunds = payment.Refunds.With(refund),

                // The look that follows judges the credits; should it not come to that, the sweeper does.
                NextCheckAt = clock.GetUtcNowInMilliseconds(),
            },
            trigger
        );

    /// <summary>No refund at the provider, for certain: it failed.</summary>
    private static PaymentRefund After(PaymentRefund refund, ProviderRefund? said) =>
        said is null ? refund with { Status = PaymentRefundStatus.Failed } : refund.With(said);
}
