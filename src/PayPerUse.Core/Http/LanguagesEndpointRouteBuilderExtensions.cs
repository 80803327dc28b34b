using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using PayPerUse.Http;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Lets visitors choose their language.</summary>
public static class LanguagesEndpointRouteBuilderExtensions
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    /// <summary>
    /// Maps <c>POST /language</c>, a form with <c>language</c> and <c>returnUrl</c>, for a switch on the app's pages: keeps the
    /// choice in a cookie for a year and leads back. A language that the app does not speak is answered 400; a
    /// <c>returnUrl</c> that is not the app's own leads to the first page.
    /// </summary>
    /// <param name="endpoints">The app, with <c>AddLanguages</c> and <c>AddPayPerUse</c>.</param>
    public static IEndpointConventionBuilder MapLanguages(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapPost("/language", ChooseAsync).AllowAnonymous().ExcludeFromDescription().RefuseCrossSite();
    }

    private static async Task<IResult> ChooseAsync(
        HttpContext context,
        IOptions<RequestLocalizationOptions> localization
    )
    {
        var (form, problem) = await FormBody.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (form is null)
        {
            return problem!;
        }

        string[] languages = [.. localization.Value.SupportedUICultures!.Select(c => c.Name)];
        if (form["language"] is not [{ } language] || !languages.Contains(language))
        {
            return ApiProblem.Invalid("language", $"must be one of: {string.Join(", ", languages)}.");
        }

        context.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = Remembered,
                IsEssential = true,
            }
        );
        var home = context.Request.PathBase + "/";
        var returnUrl = form["returnUrl"].ToString();
        return Results.LocalRedirect(RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : home);
    }
}
