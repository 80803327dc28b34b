namespace Sinterklaas.Web.Paywall;

/// <summary>
/// Orders for the paywall that the server writes. Like the one with scripts it shows what to scan at once, unless there is something
/// to agree to first.
/// </summary>
public sealed class PaywallOrder(
    CheckoutService checkout,
    IOptions<PayPerUseOptions> payPerUse,
    IStringLocalizer<Texts> T
)
{
    /// <returns>The paywall with its payment, with an error, or as it was when it must ask for consent.</returns>
    public async Task<PaywallView> PlaceAsync(PaywallView view, string userId, string? consent, CancellationToken ct)
    {
        var order = new CheckoutOrder(new AccountId(userId), payPerUse.Value.Packs[0].Id)
        {
            ReturnUrl = "/tegoed",
            // Only what is asked for is agreed to.
            Consent = consent == payPerUse.Value.RequiredConsent ? consent : null,
            Language = Languages.Current,
        };
        try
        {
            var result = await checkout.CreateAsync(order, ct);
            if (result.Status == CheckoutStatus.ConsentRequired)
            {
                return view;
            }

            if (result.Payment is { IsOpen: true } payment)
            {
                return view with { Payment = payment };
            }
        }
        catch (PayPerUseException)
        {
            // The log says why; for the visitor it is the same.
        }

        return view with
        {
            Error = T["Betalen lukt nu even niet. Probeer het over een minuut opnieuw."],
        };
    }
}
