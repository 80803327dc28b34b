using Microsoft.AspNetCore.Diagnostics;

namespace Sinterklaas.Web.Pages;

/// <summary>Answers every request that failed without an answer of its own: a page for people, a problem for scripts.</summary>
[ResponseCache(NoStore = true)]
public sealed class ErrorModel : PageModel
{
    /// <summary>Of the address alone: a form that failed may have a field of that name.</summary>
    public int Code => int.Parse((string)RouteData.Values["code"]!, CultureInfo.InvariantCulture);

    public GiftForm? Form => HttpContext.Features.Get<GiftForm>();

    public PaywallView? Paywall { get; private set; }

    /// <summary>Whatever the method of the request that failed.</summary>
    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context,
        PageHandlerExecutionDelegate next
    ) => context.Result = await ShowAsync();

    private async Task<IActionResult> ShowAsync()
    {
        Response.StatusCode = Code;
        if (!Request.AcceptsPage() && !(Form is not null && Request.HasFormContentType))
        {
            await ApiProblem.Create(Code).ExecuteAsync(HttpContext);
            return new EmptyResult();
        }

        if (Code == StatusCodes.Status402PaymentRequired && Form is not null)
        {
            var refused = HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath;
            Paywall = new PaywallView(await HttpContext.OrderPackAsync("/tegoed"), Form, refused);
        }

        return Page();
    }
}
