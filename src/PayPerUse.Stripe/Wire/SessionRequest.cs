using PayPerUse.Payments;
using Stripe.Checkout;

namespace PayPerUse.Stripe.Wire;

/// <summary>
/// The request for a Checkout Session, made of nothing but our frozen order: the same order makes the same request, without which
/// Stripe refuses the idempotency key.
/// </summary>
internal static class SessionRequest
{
    /// <summary>The metadata key that holds our payment's id, on the session and on its payment intent.</summary>
    public const string MetadataKey = "payperuse_payment";

    /// <summary>
    /// Our payment's id, when the session is one of ours: whoever pays at a payment link chooses its client reference by the
    /// link's address, and never its metadata.
    /// </summary>
    public static string? ReferenceOf(Session session) =>
        session.ClientReferenceId is { } reference && session.Metadata?.GetValueOrDefault(MetadataKey) == reference
            ? reference
            : null;

    /// <summary>One order has one attempt; a new attempt would be a new order.</summary>
    public static string IdempotencyKeyOf(Payment payment) => payment.Id + "-1";

    public static SessionCreateOptions Of(Payment payment) =>
        new()
        {
            Mode = "payment",
            Locale = "auto",
            ClientReferenceId = payment.Id,
            Metadata = new() { [MetadataKey] = payment.Id },
            PaymentIntentData = new()
            {
                Description = payment.Description,
                Metadata = new() { [MetadataKey] = payment.Id },
            },
            LineItems =
            [
                new()
                {
                    Quantity = 1,
                    PriceData = new()
                    {
                        // Minor units, also for currencies without any: that is how Stripe counts too.
                        Currency = payment.Price.Currency.ToLowerInvariant(),
                        UnitAmount = payment.Price.Amount,
                        ProductData = new() { Name = payment.Description },
                    },
                },
            ],
            SuccessUrl = WithSession(payment.ReturnPageUrl),
            CancelUrl = payment.TurnBackUrl.AbsoluteUri,
            ExpiresAt = payment.ExpiresAt.UtcDateTime,

            // What would make the amount another than ours stays off.
            AdaptivePricing = new() { Enabled = false },
            AllowPromotionCodes = false,
            AutomaticTax = new() { Enabled = false },
        };

    /// <summary>Stripe puts the session's id in place of the braces, which must not be percent-encoded.</summary>
    private static string WithSession(Uri page) =>
        page.AbsoluteUri + (page.Query.Length > 0 ? "&" : "?") + "session_id={CHECKOUT_SESSION_ID}";
}
