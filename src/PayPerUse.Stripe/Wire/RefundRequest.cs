using PayPerUse.Payments;
using Stripe;

namespace PayPerUse.Stripe.Wire;

/// <summary>The request for a refund, and what its answer means.</summary>
internal static class RefundRequest
{
    /// <summary>The metadata key that holds our refund's id.</summary>
    public const string MetadataKey = "payperuse_refund";

    public static RefundCreateOptions Of(Payment payment, PaymentRefund refund, string paymentIntent) =>
        new()
        {
            PaymentIntent = paymentIntent,
            Amount = refund.Amount.Amount,
            Metadata = new() { [SessionRequest.MetadataKey] = payment.Id, [MetadataKey] = refund.Id },
        };

    /// <exception cref="PaymentProviderException">A field that we need is missing.</exception>
    public static ProviderRefund Read(Refund refund) =>
        refund is { Id.Length: > 0, Amount: > 0, Currency: { Length: 3 } currency } && currency.All(char.IsAsciiLetter)
            ? new ProviderRefund
            {
                ProviderRefundId = refund.Id,
                Status = StatusOf(refund),
                Amount = new Money(refund.Amount, currency.ToUpperInvariant()),
                Reference = ReferenceOf(refund),
            }
            : throw new PaymentProviderException(
                StripeDefaults.ProviderId,
                PaymentProviderFailure.Unknown,
                "Stripe told of a refund without id, amount or currency."
            );

    /// <summary>Our refund's id, when it is ours.</summary>
    public static string? ReferenceOf(Refund refund) => refund.Metadata?.GetValueOrDefault(MetadataKey);

    /// <summary>Whether the money is gone or on its way.</summary>
    public static bool Counts(Refund refund) => StatusOf(refund) != PaymentRefundStatus.Failed;

    private static PaymentRefundStatus StatusOf(Refund refund) =>
        refund.Status switch
        {
            "succeeded" => PaymentRefundStatus.Succeeded,
            "failed" or "canceled" => PaymentRefundStatus.Failed,

            // pending, requires_action, and whatever is new.
            _ => PaymentRefundStatus.Pending,
        };
}
