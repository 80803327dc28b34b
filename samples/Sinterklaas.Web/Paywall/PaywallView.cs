using PayPerUse.Payments;
using Sinterklaas.Web.Gifts;

namespace Sinterklaas.Web.Paywall;

/// <summary>The paywall: empty for the script to fill, or written by the server for a browser without scripts.</summary>
public sealed record PaywallView
{
    public static readonly PaywallView Empty = new();

    /// <summary>The payment to make; null before it is asked for.</summary>
    public Payment? Payment { get; init; }

    /// <summary>What is being made, to carry on with afterwards; null when credits are bought for later.</summary>
    public GiftForm? Form { get; init; }

    /// <summary>Where the form goes: <c>/letters</c> or <c>/audio</c>.</summary>
    public string? Action { get; init; }

    public string? Error { get; init; }

    public bool IsShown => this != Empty;
}
