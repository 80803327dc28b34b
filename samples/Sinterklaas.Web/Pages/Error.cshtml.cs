using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;

namespace Sinterklaas.Web.Pages;

/// <summary>Answers every request that failed without an answer of its own: a page for people, a problem for scripts.</summary>
[ResponseCache(NoStore = true)]
public sealed class ErrorModel(IStringLocalizer<Texts> T) : PageModel
{
    /// <summary>Of the address alone: a form that failed may have a field of that name.</summary>
    public int Code => int.Parse((string)RouteData.Values["code"]!, CultureInfo.InvariantCulture);

    public string Title { get; private set; } = "";

    public string Text { get; private set; } = "";

    public GiftForm? Form { get; private set; }

    public PaywallView? Paywall { get; private set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public Task<IActionResult> OnPostAsync() => ShowAsync();

    private async Task<IActionResult> ShowAsync()
    {
        Form = HttpContext.Features.Get<GiftForm>();
        Paywall = Code == 402 && Form is not null ? new PaywallView { Form = Form, Action = RefusedPath } : null;
        (Title, Text) = Code switch
        {
            400 => (
                T["Dat kwam niet goed over"],
                T["Er ontbrak iets in wat je stuurde. Ga terug en probeer het opnieuw."]
            ),
            402 => (T["Je credits zijn op"], T["Betaal eerst, en de Sint gaat verder."]),
            401 => (T["Meld je eerst aan"], T["Deze pagina is alleen voor wie is aangemeld."]),
            403 => (T["Dat mag niet"], T["Dit verzoek kwam van een andere site, dus deden we niets."]),
            404 => (T["Hier woont niemand"], T["Deze pagina bestaat niet, of ze is van iemand anders."]),
            405 => (T["Dat kan hier niet"], T["Deze pagina kan dat niet."]),
            409 => (T["Dat is al onderweg"], T["Wat je vroeg, is al gemaakt of wordt nu gemaakt. Kijk bij je post."]),
            429 => (T["Even op adem komen"], T["Er kwam te veel tegelijk. Probeer het over een minuut opnieuw."]),
            503 => (
                T["De Sint is even weggeroepen"],
                T["Het lukte nu niet, en het heeft je geen credit gekost. Probeer het over een minuut opnieuw."]
            ),
            _ => (T["Er ging iets mis"], T["Het ligt aan ons, niet aan jou. Probeer het straks opnieuw."]),
        };
        Response.StatusCode = Code;
        if (Request.AcceptsPage() || (Form is not null && Request.HasFormContentType))
        {
            return Page();
        }

        await Problem().ExecuteAsync(HttpContext);
        return new EmptyResult();
    }

    private string? RefusedPath => HttpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath;

    private IResult Problem()
    {
        var name = Code switch
        {
            401 => "sign-in-required",
            403 => "refused",
            404 => "not-found",
            _ => "status-" + Code.ToString(CultureInfo.InvariantCulture),
        };
        return ApiProblem.Create(Code, name, Title, Text);
    }
}
