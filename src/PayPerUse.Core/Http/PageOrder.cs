using PayPerUse.Payments;

namespace PayPerUse.Http;

/// <summary>What became of an order that a page placed (<c>HttpContext.OrderPackAsync</c>).</summary>
/// <param name="Payment">The payment to make; null when there is none yet.</param>
/// <param name="NeedsConsent">Whether the customer must first agree to the terms.</param>
public sealed record PageOrder(Payment? Payment, bool NeedsConsent)
{
    /// <summary>Whether it cannot be paid for now; the log says why, and later it may work.</summary>
    public bool HasFailed => Payment is null && !NeedsConsent;
}
