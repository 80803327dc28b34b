namespace PayPerUse.Payments;

/// <summary>
/// Public keys that a provider fetches from us, because we sign our requests to it. Registered with
/// <c>AddPublishedKeys</c> and served by <c>MapPayPerUse</c> at <c>/payments/keys/{provider}</c>.
/// </summary>
public interface IPublishedKeys
{
    /// <summary>The provider's id.</summary>
    string ProviderId { get; }

    /// <summary>The key set as JSON (RFC 7517), public parts only; null when there is no key.</summary>
    string? KeySet { get; }
}
