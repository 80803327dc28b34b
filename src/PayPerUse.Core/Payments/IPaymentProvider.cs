namespace PayPerUse.Payments;

/// <summary>A company that takes payments. The seam a provider package implements.</summary>
public interface IPaymentProvider
{
    /// <summary>The id in addresses and rows, such as <c>stripe</c>: 1 to 32 of a–z, 0–9 and <c>-</c>.</summary>
    string Id { get; }

    /// <summary>What customers see.</summary>
    string DisplayName { get; }

    /// <summary>Whether its money is real, as told by its keys or hosts.</summary>
    PaymentMode Mode { get; }

    /// <summary>How long a new checkout can be paid, as far as we choose it; frozen into the order before it is sent.</summary>
    TimeSpan CheckoutTime { get; }

    /// <summary>Says why a pack cannot be sold here (currency, minimum), naming the fix; null when it can. Asked at start.</summary>
    /// <param name="pack">A pack.</param>
    string? RefusePack(CreditPack pack);

    /// <summary>
    /// Starts a checkout for an order whose terms are frozen. Never blindly repeated by callers: after an unknown outcome they
    /// look with <see cref="GetPaymentAsync"/> first, unless <see cref="CanRepeatStart"/>.
    /// </summary>
    /// <param name="payment">Our order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentProviderException">There is no checkout, or we cannot know.</exception>
    Task<ProviderPayment> StartCheckoutAsync(Payment payment, CancellationToken cancellationToken);

    /// <summary>
    /// Whether starting the same order again is safe (the provider keeps our idempotency key) and answers the same checkout.
    /// </summary>
    bool CanRepeatStart { get; }

    /// <summary>
    /// Asks the provider how a payment stands: by its provider id, or by our reference when that is not known yet.
    /// </summary>
    /// <param name="payment">Our order.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the provider says; null when it has no such payment.</returns>
    /// <exception cref="PaymentProviderException">The provider did not answer.</exception>
    Task<ProviderPayment?> GetPaymentAsync(Payment payment, CancellationToken cancellationToken);

    /// <summary>
    /// Calls off a payment that nobody has paid yet. When it can no longer be called off nothing happens: the caller asks
    /// <see cref="GetPaymentAsync"/> afterwards in either case.
    /// </summary>
    /// <param name="payment">Our order, with its provider id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentProviderException">The provider did not answer.</exception>
    Task CancelAsync(Payment payment, CancellationToken cancellationToken);
}
