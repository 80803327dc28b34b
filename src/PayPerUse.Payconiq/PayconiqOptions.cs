using PayPerUse.Payments;

namespace PayPerUse.Payconiq;

/// <summary>How this app reaches Payconiq. Bound from the section <c>Payconiq</c> by convention.</summary>
public sealed class PayconiqOptions
{
    /// <summary>The API key of the payment profile. A secret; sent to <see cref="ApiBase"/> only.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The id of the payment profile; a callback signed for another profile is refused.</summary>
    public string? ProfileId { get; set; }

    /// <summary>The address of the API, without <c>/v3</c>.</summary>
    /// <value>null: <see cref="PayconiqDefaults.ApiBase"/>, production.</value>
    public Uri? ApiBase { get; set; }

    /// <summary>Where the keys are that sign callbacks.</summary>
    /// <value>null: the one that belongs to <see cref="ApiBase"/>, when that is production or the test environment.</value>
    public Uri? JwksUri { get; set; }

    /// <summary>What customers see.</summary>
    /// <value><see cref="PayconiqDefaults.DisplayName"/>.</value>
    public string DisplayName { get; set; } = PayconiqDefaults.DisplayName;

    /// <summary>Whether the money is real.</summary>
    /// <value>
    /// null: told by <see cref="ApiBase"/>: production is live; the test environment and loopback addresses are test. For any
    /// other host it must be set.
    /// </value>
    public PaymentMode? Mode { get; set; }

    /// <summary>
    /// How long a new checkout is expected to be payable. The profile's product decides (120 s in a shop, 1200 s online), and its
    /// answer replaces this.
    /// </summary>
    /// <value>20 minutes; 1 minute to 24 hours.</value>
    public TimeSpan CheckoutTime { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>
    /// Our own private key, which makes refunds and their reconciliation possible: an EC key on P-256 in PEM. A secret. Its public
    /// part is served at <c>/payments/keys/payconiq</c>, and Bancontact must know that address.
    /// </summary>
    /// <value>null: refunds are made by hand in Bancontact's portal, and recorded.</value>
    public string? SigningKey { get; set; }

    /// <summary>
    /// The key that will follow, or the one that went before, in PEM: published beside <see cref="SigningKey"/> and not signed
    /// with, so that Bancontact knows both while keys change. A private or a public key.
    /// </summary>
    /// <value>null: none.</value>
    public string? OtherPublishedKey { get; set; }

    /// <summary>
    /// Our merchant id. The specification of reconciliation has it as the issuer of the signature, where that of refunds has
    /// <c>Payconiq</c>.
    /// </summary>
    /// <value>null: <c>Payconiq</c> for both.</value>
    public string? MerchantId { get; set; }

    /// <summary>What Bancontact takes of each payment, in cents, without VAT; your contract tells.</summary>
    /// <value>20, the listed price online; 6 in a shop. 0 to 10 000.</value>
    public int FeeInCents { get; set; } = 20;

    /// <summary>What happens when the API is slow or down.</summary>
    public ProviderResilienceOptions Resilience { get; } = new();

    /// <summary>The base address of the simulator, known only after the server has started; null for the real service.</summary>
    internal Func<Uri>? Simulator { get; set; }

    /// <summary>Whether calls have somewhere to go: the simulator is there only once the server has started.</summary>
    internal Func<bool> IsReachable { get; set; } = static () => true;

    internal Uri EffectiveApiBase => Simulator?.Invoke() ?? ApiBase ?? new Uri(PayconiqDefaults.ApiBase);

    internal Uri? EffectiveJwksUri =>
        Simulator is { } simulator ? PayconiqAddress.Append(simulator(), "jwks") : JwksUri ?? KnownJwksUri;

    internal PaymentMode? EffectiveMode =>
        Simulator is not null ? PaymentMode.Test
        : Mode is { } mode ? mode
        : ApiBase is null || IsHost(PayconiqDefaults.ApiBase) ? PaymentMode.Live
        : ApiBase.IsLoopback || IsHost(PayconiqDefaults.PreprodApiBase) ? PaymentMode.Test
        : null;

    private Uri? KnownJwksUri =>
        ApiBase is null || IsHost(PayconiqDefaults.ApiBase) ? new Uri(PayconiqDefaults.JwksUri)
        : IsHost(PayconiqDefaults.PreprodApiBase) ? new Uri(PayconiqDefaults.PreprodJwksUri)
        : null;

    private bool IsHost(string address) =>
        string.Equals(ApiBase?.IdnHost, new Uri(address).IdnHost, StringComparison.OrdinalIgnoreCase);
}
