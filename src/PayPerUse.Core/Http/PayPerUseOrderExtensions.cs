using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse;
using PayPerUse.Http;
using PayPerUse.Http.Pages;
using PayPerUse.Payments;

namespace Microsoft.AspNetCore.Http;

/// <summary>Sells on a page that the server writes, to browsers without scripts: what <c>&lt;pay-per-use&gt;</c> does with them.</summary>
public static class PayPerUseOrderExtensions
{
    /// <summary>
    /// Orders a pack for whoever sent this request, in the language of the page: the payment that is open, or a new one. It never
    /// throws because a provider or a store is down, so that the page can say so.
    /// </summary>
    /// <param name="context">The request, of somebody who is signed in or a guest with a wallet.</param>
    /// <param name="returnUrl">Where the customer goes after paying: a path of this app, or an address of an allowed origin.</param>
    /// <param name="consent">
    /// The version of the terms that the customer agreed to, as the form sent it; one that is not asked for counts as none.
    /// </param>
    /// <param name="pack">The pack's id; null for the first one.</param>
    /// <exception cref="InvalidOperationException">Nobody is signed in, or there is no such pack, provider or address.</exception>
    public static async Task<PageOrder> OrderPackAsync(
        this HttpContext context,
        string returnUrl,
        string? consent = null,
        string? pack = null
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptions<PayPerUseOptions>>().Value;
        try
        {
            var account = await services
                .GetRequiredService<IAccountResolver>()
                .ResolveAsync(context, context.RequestAborted)
                .ConfigureAwait(false);
            var order = new CheckoutOrder(
                account ?? throw new InvalidOperationException("Nobody is signed in to order for."),
                pack ?? options.Packs[0].Id
            )
            {
                ReturnUrl = returnUrl,
                Consent = consent == options.RequiredConsent ? consent : null,
                Language = PageLanguage.Of(context),
            };
            var result = await services
                .GetRequiredService<CheckoutService>()
                .CreateAsync(order, context.RequestAborted)
                .ConfigureAwait(false);
            return result.Status switch
            {
                CheckoutStatus.ConsentRequired => new PageOrder(null, NeedsConsent: true),
                CheckoutStatus.UnknownPack or CheckoutStatus.UnknownProvider or CheckoutStatus.InvalidReturnUrl =>
                    throw new InvalidOperationException(result.Error),
                _ => new PageOrder(result.Payment is { IsOpen: true } open ? open : null, NeedsConsent: false),
            };
        }
        catch (PayPerUseException e)
        {
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<PageOrder>();
            HttpLog.Unavailable(logger, context.Request.Path, e);
            return new PageOrder(null, NeedsConsent: false);
        }
    }
}
