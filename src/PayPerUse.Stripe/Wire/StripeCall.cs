using Stripe;

namespace PayPerUse.Stripe.Wire;

/// <summary>One kind of call.</summary>
/// <param name="Name">What it does, for a person.</param>
/// <param name="Permission">What a restricted key needs for it, by the dashboard's names.</param>
/// <param name="HasEffect">Whether it changes something at Stripe.</param>
internal sealed record StripeCall(string Name, string Permission, bool HasEffect = false)
{
    public static readonly StripeCall CreateSession = new(
        "create a Checkout Session",
        "Checkout Sessions: Write",
        true
    );
    public static readonly StripeCall ExpireSession = new(
        "expire a Checkout Session",
        "Checkout Sessions: Write",
        true
    );
    public static readonly StripeCall ReadSession = new(
        "read a Checkout Session",
        "Checkout Sessions, PaymentIntents and Charges: Read"
    );
    public static readonly StripeCall ListSessions = new("list Checkout Sessions", "Checkout Sessions: Read");
    public static readonly StripeCall CreateRefund = new("create a refund", "Refunds (Charges): Write", true)
    {
        IsRefused = SaysThatNothingWasRefunded,
    };
    public static readonly StripeCall FindRefund = new("read refunds", "Refunds (Charges): Read")
    {
        // A question that is refused tells nothing about the refund.
        IsRefused = static _ => false,
    };
    public static readonly StripeCall ListRefunds = new("list refunds", "Refunds (Charges): Read");
    public static readonly StripeCall ListDisputes = new("list disputes", "Disputes: Read");
    public static readonly StripeCall ListEvents = new("list events", "Events: Read");

    /// <summary>Whether an answer means that the call certainly has no effect and never will; asked of answers from 300 to 499.</summary>
    public Func<StripeException, bool> IsRefused { get; init; } = static _ => true;

    /// <summary>
    /// A refusal of the key, or of its use for other parameters, says nothing about an earlier try that may have got through:
    /// only what Stripe says about this very refund does, since it repeats the first answer to the same idempotency key.
    /// </summary>
    private static bool SaysThatNothingWasRefunded(StripeException e) =>
        (int)e.HttpStatusCode is 400 or 402 && e.StripeError is { Type: not "idempotency_error" };
}
