using PayPerUse.Payments;

namespace PayPerUse.Stripe;

/// <summary>How this app reaches Stripe. Bound from the section <c>Stripe</c> by convention.</summary>
public sealed class StripeOptions
{
    /// <summary>
    /// The secret key (<c>sk_…</c>) or a restricted one (<c>rk_…</c>) that may write Checkout Sessions. A secret; sent to
    /// <see cref="ApiBase"/> only. It also tells whether the money is real.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>The signing secret of the webhook endpoint (<c>whsec_…</c>). A secret; never sent.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>The address of the API, without <c>/v1</c>.</summary>
    /// <value>null: <see cref="StripeDefaults.ApiBase"/>.</value>
    public Uri? ApiBase { get; set; }

    /// <summary>What customers see.</summary>
    /// <value><see cref="StripeDefaults.DisplayName"/>.</value>
    public string DisplayName { get; set; } = StripeDefaults.DisplayName;

    /// <summary>
    /// How long a new checkout can be paid. Stripe wants at least 30 minutes when the request arrives; the default leaves room
    /// to repeat a request whose answer was lost.
    /// </summary>
    /// <value>40 minutes; 31 minutes to 24 hours.</value>
    public TimeSpan CheckoutTime { get; set; } = TimeSpan.FromMinutes(40);

    /// <summary>What happens when the API is slow or down.</summary>
    public ProviderResilienceOptions Resilience { get; } = new();

    internal Uri EffectiveApiBase => ApiBase ?? new Uri(StripeDefaults.ApiBase);

    /// <summary>The validator has made sure that the key says it.</summary>
    internal PaymentMode Mode => StripeSecrets.IsLive(ApiKey) ? PaymentMode.Live : PaymentMode.Test;
}
