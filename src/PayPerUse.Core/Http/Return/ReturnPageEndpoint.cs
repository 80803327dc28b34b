using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Http.Accounts;
using PayPerUse.Http.Endpoints;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Pages;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;

namespace PayPerUse.Http.Return;

/// <summary>Where a provider sends the customer after paying. Works without a session, since a phone that scanned has none.</summary>
internal static class ReturnPageEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/payments/{id}/return", ReturnAsync)
            .Describe("PaymentReturn", "Where the payment provider sends the customer afterwards")
            .Produces(StatusCodes.Status200OK, contentType: "text/html")
            .Produces(StatusCodes.Status302Found)
            .Produces(StatusCodes.Status404NotFound, contentType: "text/html")
            .Problems(429, 503);

    private static async Task<IResult> ReturnAsync(
        HttpContext context,
        string id,
        IPaymentStore store,
        ReturnWait wait,
        FloodGuard flood,
        ILoggerFactory loggers
    )
    {
        if (!flood.TryPass(context, ClaimAccountResolver.OwnerOf(context.User), out var retryAfter))
        {
            return Problem.Flooded(retryAfter);
        }

        var payment = PaymentIds.IsOurs(id)
            ? await store.FindAsync(id, context.RequestAborted).ConfigureAwait(false)
            : null;
        if (payment is null)
        {
            return ReturnPage.Unknown(PageLanguage.Of(context), BackTo(context, null));
        }

        // Who turned back without paying is kept from nothing: what is open can still be paid from the app.
        var turnedBack = context.Request.Query.ContainsKey("back");
        try
        {
            payment = await wait.SettleAsync(payment, mayWait: !turnedBack, context.RequestAborted)
                .ConfigureAwait(false);
        }
        catch (PayPerUseException e)
        {
            // What we know is still true; the page leads to another look.
            HttpLog.SettleFailed(loggers.CreateLogger(typeof(ReturnPageEndpoint)), id, e);
        }

        var back = BackTo(context, payment);
        return (turnedBack || !payment.IsOpen) && await IsOwnAsync(context, payment).ConfigureAwait(false)
            ? Results.Redirect(back)
            : ReturnPage.Of(payment, PageLanguage.Of(context, payment), back);
    }

    /// <summary>The app's return address, which was checked when the order was made; else the app's root.</summary>
    private static string BackTo(HttpContext context, Payment? payment) =>
        payment?.ReturnUrl ?? context.Request.PathBase.ToUriComponent() + "/";

    private static async Task<bool> IsOwnAsync(HttpContext context, Payment payment)
    {
        var resolver = context.RequestServices.GetRequiredService<IAccountResolver>();
        return await resolver.ResolveAsync(context, context.RequestAborted).ConfigureAwait(false) is { } account
            && await context
                .RequestServices.GetRequiredService<AccountPayments>()
                .IsOfAsync(payment, account, context.RequestAborted)
                .ConfigureAwait(false);
    }
}
