namespace PayPerUse.Payments;

/// <summary>Verifies the messages of one provider. A message is a doorbell: it only says which payment to look at.</summary>
public interface IPaymentWebhook
{
    /// <summary>The id of the provider it belongs to.</summary>
    string ProviderId { get; }

    /// <summary>The header that carries the signature; tells the provider where the address does not.</summary>
    string SignatureHeader { get; }

    /// <summary>Verifies a message.</summary>
    /// <param name="message">The message as it arrived.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<WebhookVerdict> VerifyAsync(WebhookMessage message, CancellationToken cancellationToken);
}

/// <summary>A provider's message, untouched.</summary>
/// <param name="Headers">Its headers; names compare without case.</param>
/// <param name="Body">Its raw bytes.</param>
public sealed record WebhookMessage(IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>What a signature proves.</summary>
public enum WebhookAuthenticity
{
    /// <summary>The provider sent it.</summary>
    Genuine = 1,

    /// <summary>The provider did not send it, or it was changed: answered 400.</summary>
    Forged = 2,

    /// <summary>We could not tell (unknown key, key server down): the payment is looked at, sparingly, and 503 is answered.</summary>
    Undecided = 3,
}

/// <summary>What a message comes to.</summary>
public sealed record WebhookVerdict
{
    /// <summary>What the signature proves.</summary>
    public required WebhookAuthenticity Authenticity { get; init; }

    /// <summary>Our id of the payment to look at, when the message says.</summary>
    public string? PaymentId { get; init; }

    /// <summary>The provider's id of the payment to look at, when the message says.</summary>
    public string? ProviderPaymentId { get; init; }

    /// <summary>
    /// The provider's id of the money (<see cref="ProviderPayment.ChargeId"/>), when the message names nothing else of ours. When
    /// no payment has it, it belongs to another product of the same account and has no effect; a payment that is not settled yet
    /// hears of its refunds when it is.
    /// </summary>
    public string? ChargeId { get; init; }

    /// <summary>
    /// Whether the message concerns a payment of ours for certain; one that does not (other event types, other products of the same
    /// account) is answered 200 without effect.
    /// </summary>
    public bool IsRelevant => PaymentId is not null || ProviderPaymentId is not null;

    /// <summary>Why it is forged or undecided, for the log; never a secret.</summary>
    public string? Reason { get; init; }
}
