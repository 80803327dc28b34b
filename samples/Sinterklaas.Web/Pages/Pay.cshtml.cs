namespace Sinterklaas.Web.Pages;

/// <summary>Pays without scripts: the form that was sent travels along in hidden fields, and goes on after the payment.</summary>
[Authorize]
public sealed class PayModel : PageModel
{
    private static readonly string[] Actions = ["/letters", "/audio"];

    public PaywallView View { get; private set; } = null!;

    public IActionResult OnGet() => LocalRedirect("/tegoed");

    public async Task OnPostAsync(string? action, string? consent, CancellationToken ct)
    {
        var carries = Actions.Contains(action);
        var form = carries ? (await GiftForm.ReadAsync(Request, ct)).Form : null;
        View = new PaywallView(await HttpContext.OrderPackAsync("/tegoed", consent), form, carries ? action : null);
        if (View.Order.HasFailed)
        {
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }
}
