namespace Sinterklaas.Web.Paywall;

/// <summary>
/// The paywall as the server writes it, for a browser without scripts. Like the one with scripts it shows what to scan at once, unless
/// there is something to agree to first.
/// </summary>
/// <param name="Order">The payment to make, or why there is none.</param>
/// <param name="Form">What is being made, to carry on with afterwards; null when credits are bought for later.</param>
/// <param name="Action">Where the form goes: <c>/letters</c> or <c>/audio</c>.</param>
public sealed record PaywallView(PageOrder Order, GiftForm? Form, string? Action);
