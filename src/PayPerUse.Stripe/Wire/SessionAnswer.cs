using PayPerUse.Payments;
using Stripe.Checkout;

namespace PayPerUse.Stripe.Wire;

/// <summary>Reads a Checkout Session: only the fields we name.</summary>
/// <param name="Payment">What Stripe says.</param>
/// <param name="IsUnknown">Whether its statuses are not among those we know.</param>
internal sealed record SessionAnswer(ProviderPayment Payment, bool IsUnknown)
{
    /// <exception cref="PaymentProviderException">A field that we need is missing.</exception>
    public static SessionAnswer Read(Session session)
    {
        if (
            session is not { Id.Length: > 0, AmountTotal: >= 0 and var amount, Currency: { Length: 3 } currency }
            || !currency.All(char.IsAsciiLetter)
        )
        {
            throw new PaymentProviderException(
                StripeDefaults.ProviderId,
                PaymentProviderFailure.Unknown,
                "Stripe told of a Checkout Session without id, amount or currency."
            );
        }

        // Another kind of session (subscription, setup) is not our order: without a reference it goes to a person.
        var isPayment = session.Mode == "payment";
        var status = StatusOf(session);
        return new SessionAnswer(
            new ProviderPayment
            {
                ProviderPaymentId = session.Id,
                ChargeId = session.PaymentIntentId,
                Status = status ?? ProviderPaymentStatus.Pending,
                Amount = new Money(amount, currency.ToUpperInvariant()),
                Reference = isPayment ? SessionRequest.ReferenceOf(session) : null,
                Mode = session.Livemode ? PaymentMode.Live : PaymentMode.Test,
                CheckoutUrl = Uri.TryCreate(session.Url, UriKind.Absolute, out var url) ? url : null,
                ExpiresAt = session.ExpiresAt == default ? null : Utc(session.ExpiresAt),
                PaidAt =
                    status == ProviderPaymentStatus.Paid && session.PaymentIntent?.LatestCharge is { } charge
                        ? Utc(charge.Created)
                        : null,
                Detail = isPayment
                    ? $"{session.Status}/{session.PaymentStatus}"
                    : $"mode {session.Mode}, not payment; {session.Status}/{session.PaymentStatus}",
            },
            status is null
        );
    }

    private static ProviderPaymentStatus? StatusOf(Session session) =>
        (session.Status, session.PaymentStatus) switch
        {
            (_, "paid") => ProviderPaymentStatus.Paid,
            ("open", _) => ProviderPaymentStatus.Pending,
            ("expired", _) => ProviderPaymentStatus.Expired,

            // Of a delayed method: the money is on its way, unless its payment says that it will not come.
            ("complete", "unpaid") => session.PaymentIntent?.Status is "requires_payment_method" or "canceled"
                ? ProviderPaymentStatus.Failed
                : ProviderPaymentStatus.Processing,
            _ => null,
        };

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
