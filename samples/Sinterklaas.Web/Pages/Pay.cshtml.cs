namespace Sinterklaas.Web.Pages;

/// <summary>Pays without scripts: the form that was sent travels along in hidden fields, and goes on after the payment.</summary>
[Authorize]
public sealed class PayModel(CheckoutService checkout, IOptions<PayPerUseOptions> payPerUse, IStringLocalizer<Texts> T)
    : PageModel
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

        var order = new CheckoutOrder(new AccountId(User.UserId()), payPerUse.Value.Packs[0].Id)
        {
            ReturnUrl = "/tegoed",
            Consent = consent,
            Language = Languages.Current,
        };
        var result = await checkout.CreateAsync(order, ct);
        View = View with { Payment = result.Payment is { IsOpen: true } open ? open : null };

        // The page asks for consent; anything else can only be tried again.
        if (View.Payment is null && result.Status != CheckoutStatus.ConsentRequired)
        {
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            View = View with { Error = T["Betalen lukt nu even niet. Probeer het over een minuut opnieuw."] };
        }
    }
}
