using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using PayPerUse.Http.Endpoints;
using PayPerUse.Http.Pages;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Http.Receipts;

/// <summary>The receipts of one payment: a page to print or keep, or JSON.</summary>
internal static class ReceiptEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/payments/{id}/receipt", ShowAsync)
            .Describe("PaymentReceipt", "The receipt and credit notes of a payment")
            .Produces<ReceiptsAnswer>(StatusCodes.Status200OK, "application/json", "text/html")
            .Problems(404);

    private static async Task<IResult> ShowAsync(
        HttpContext context,
        string id,
        AccountPayments payments,
        ReceiptService receipts,
        WithdrawalService withdrawals,
        PaymentProviders providers,
        IOptions<SellerOptions> seller,
        PayPerUseRoutes routes
    )
    {
        if (!receipts.IsOn)
        {
            return Problem.ReceiptsOff();
        }

        if (await payments.FindOwnAsync(context, id).ConfigureAwait(false) is not { } payment)
        {
            return Problem.NotFound();
        }

        var issued = await receipts.IssueAsync(id, context.RequestAborted).ConfigureAwait(false);
        if (issued.IsEmpty)
        {
            return Problem.NoReceipt(Names.Of(payment.Status));
        }

        if (WantsJson(context.Request))
        {
            context.Response.Headers.Vary = "Accept, Cookie";
            return Results.Json(ReceiptsAnswer.Of(payment, issued), ReceiptJson.Default.ReceiptsAnswer);
        }

        var words = ReceiptWords.In(PageLanguage.Of(context));
        var lines = new ReceiptLines(payment, providers, withdrawals, seller.Value, words);
        var frame = new ReceiptPageFrame(
            routes.PaymentLink(context.Request, id) + "/receipt?download",
            payment.ReturnUrl ?? context.Request.PathBase.ToUriComponent() + "/",
            context.Request.Query.ContainsKey("download")
        );
        return ReceiptPage.Of(issued, lines, frame);
    }

    /// <summary>A browser names HTML first; who asks for JSON and not for HTML is a script.</summary>
    private static bool WantsJson(HttpRequest request) =>
        !request.AcceptsPage()
        && request.Headers.Accept.ToString().Contains("json", StringComparison.OrdinalIgnoreCase);
}
