namespace Sinterklaas.Web.Paywall;

/// <summary>The paywall as the server writes it, for a browser without scripts.</summary>
public sealed record PaywallView
{
    /// <summary>The payment to make; null before it is asked for.</summary>
    public Payment? Payment { get; init; }

    /// <summary>What is being made, to carry on with afterwards; null when credits are bought for later.</summary>
    public GiftForm? Form { get; init; }

    /// <summary>Where the form goes: <c>/letters</c> or <c>/audio</c>.</summary>
    public string? Action { get; init; }

    public string? Error { get; init; }
}
