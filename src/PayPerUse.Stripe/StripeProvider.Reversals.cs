using System.Collections.Immutable;
using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;
using Stripe;
using Stripe.Checkout;

namespace PayPerUse.Stripe;

/// <summary>Tells what of the money went back: as sums of one payment, and as a list of events for messages that never came.</summary>
internal sealed partial class StripeProvider
{
    /// <summary>Where reading begins for the first time: Stripe repeats lost webhooks for three days.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromDays(3);

    /// <summary>How long Stripe keeps events.</summary>
    private static readonly TimeSpan EventTime = TimeSpan.FromDays(30);

    public bool IsReadable => true;

    public async Task<ReversalPage> ReadReversalsAsync(string? cursor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var at = (cursor is null ? null : EventCursor.Parse(cursor)) ?? new EventCursor(now - FirstLook);
        if (at.From < now - EventTime)
        {
            StripeLog.EventsForgotten(logger, at.From);
        }

        var page = await reversals.ListEventsAsync(at.From, at.After, cancellationToken).ConfigureAwait(false);
        var next = at.Next(page, now);
        return new ReversalPage(
            [.. page.Events.Reverse().Where(IsOfOurMode).Select(ToNotice).OfType<ReversalNotice>().Distinct()],
            next.ToString(),
            page.HasMore
        );
    }

    private bool IsOfOurMode(EventMessage message) => message.IsLive == (Mode == PaymentMode.Live);

    private static ReversalNotice? ToNotice(EventMessage message) =>
        message is { PaymentId: null, PaymentIntent: null }
            ? null
            : new ReversalNotice { PaymentId = message.PaymentId, ChargeId = message.PaymentIntent };

    /// <summary>
    /// Adds what went back. Of a payment that is granted the disputes are always asked for, since something made us look again;
    /// one that is about to be granted costs that call only where its charge says that there are some.
    /// </summary>
    private async Task<ProviderPayment> WithReversalsAsync(
        Payment payment,
        Session session,
        ProviderPayment said,
        CancellationToken cancellationToken
    )
    {
        if (
            said.Status != ProviderPaymentStatus.Paid
            || session.PaymentIntent is not { LatestCharge: { Currency.Length: 3 } charge } intent
        )
        {
            return said;
        }

        var disputes =
            charge.Disputed || payment.GrantedAt is not null
                ? await reversals.ListDisputesAsync(intent.Id, cancellationToken).ConfigureAwait(false)
                : [];
        var refunds = await RefundsOfAsync(charge, intent, cancellationToken).ConfigureAwait(false);
        return said with { Reversals = ReversalAnswer.Of(charge, refunds, disputes) };
    }

    /// <summary>A charge comes with its last ten refunds.</summary>
    private async Task<IReadOnlyList<Refund>?> RefundsOfAsync(
        Charge charge,
        PaymentIntent intent,
        CancellationToken cancellationToken
    ) =>
        charge.Refunds is { HasMore: true }
            ? await reversals
                .ListRefundsAsync(intent.Id, StripeCall.ListRefunds, cancellationToken)
                .ConfigureAwait(false)
            : charge.Refunds?.Data;
}
