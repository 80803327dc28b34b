namespace Sinterklaas.Web.Pages;

/// <summary>Pays without scripts: the form that was sent travels along in hidden fields, and goes on after the payment.</summary>
[Authorize]
public sealed class PayModel(PaywallOrder order) : PageModel
{
    private static readonly string[] Actions = ["/letters", "/audio"];

    public PaywallView View { get; private set; } = new();

    public IActionResult OnGet() => LocalRedirect("/tegoed");

    public async Task OnPostAsync(string? action, string? consent, CancellationToken ct)
    {
        if (Actions.Contains(action))
        {
            var (form, _) = await GiftForm.ReadAsync(Request, ct);
            View = new PaywallView { Form = form, Action = action };
        }

        View = await order.PlaceAsync(View, User.UserId(), consent, ct);
        if (View.Error is not null)
        {
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }
}
