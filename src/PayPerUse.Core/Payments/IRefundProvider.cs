namespace PayPerUse.Payments;

/// <summary>
/// A provider that sends money back when we ask. A provider class implements it beside <see cref="IPaymentProvider"/>; where it is
/// missing, refunds are made by hand and recorded by <c>payments record-refund</c>.
/// </summary>
public interface IRefundProvider
{
    /// <summary>
    /// Says why a refund cannot be asked for here, naming the setting or the way out; null when it can. Asked before anything
    /// happens.
    /// </summary>
    /// <param name="payment">A paid payment.</param>
    /// <param name="amount">How much, in the payment's currency.</param>
    string? RefuseRefund(Payment payment, Money amount);

    /// <summary>
    /// For how long after <see cref="PaymentRefund.At"/> the same call is certain to answer the same refund, because the provider
    /// keeps our idempotency key. After that a refund in doubt is only looked for.
    /// </summary>
    TimeSpan RefundKeyTime { get; }

    /// <summary>
    /// Asks for a refund, with <see cref="PaymentRefund.Id"/> as the idempotency key: the same call again answers the same
    /// refund. Everything sent is made of the arguments, so that it is the same in every try.
    /// </summary>
    /// <param name="payment">The payment.</param>
    /// <param name="refund">What to send back.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentProviderException">
    /// <see cref="PaymentProviderFailure.Rejected"/>: there is certainly no refund, and the credits are given back.
    /// <see cref="PaymentProviderFailure.Unavailable"/>: certainly none yet. <see cref="PaymentProviderFailure.Unknown"/>: there
    /// may be one. In both, the same call is made again later.
    /// </exception>
    Task<ProviderRefund> StartRefundAsync(Payment payment, PaymentRefund refund, CancellationToken cancellationToken);

    /// <summary>
    /// Reads how a refund stands: by <see cref="PaymentRefund.ProviderRefundId"/>, or by our id when that is not known.
    /// </summary>
    /// <param name="payment">The payment.</param>
    /// <param name="refund">The refund.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the provider says; null when there certainly is no such refund.</returns>
    /// <exception cref="PaymentProviderException">The provider did not answer, or cannot tell.</exception>
    Task<ProviderRefund?> FindRefundAsync(Payment payment, PaymentRefund refund, CancellationToken cancellationToken);
}

/// <summary>What a provider says of one refund: only the fields we name.</summary>
public sealed record ProviderRefund
{
    /// <summary>The provider's id of it.</summary>
    public required string ProviderRefundId { get; init; }

    /// <summary>How it stands; never <see cref="PaymentRefundStatus.Requested"/>. An unknown status is pending.</summary>
    public required PaymentRefundStatus Status { get; init; }

    /// <summary>How much.</summary>
    public required Money Amount { get; init; }

    /// <summary>Our <see cref="PaymentRefund.Id"/> as the provider has it; null when it does not tell, or it is not ours.</summary>
    public string? Reference { get; init; }
}
