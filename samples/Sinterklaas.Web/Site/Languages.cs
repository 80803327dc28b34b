using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;

namespace Sinterklaas.Web.Site;

/// <summary>Dutch first; the visitor's choice, kept in a cookie, or else what the browser asks for.</summary>
public static class Languages
{
    private const string Default = "nl";

    /// <summary>Each by its own name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string>
    {
        [Default] = "Nederlands",
        ["fr"] = "Français",
        ["de"] = "Deutsch",
        ["en"] = "English",
    };

    /// <summary>The language of the page that is being made.</summary>
    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <summary>Goes on in a language, where no request says which; in Dutch when it isn't one of ours.</summary>
    public static void Speak(string? language)
    {
        var culture = CultureInfo.GetCultureInfo(
            language is not null && Names.ContainsKey(language) ? language : Default
        );
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
    }

    public static void AddLanguages(this IServiceCollection services)
    {
        services.AddLocalization(o => o.ResourcesPath = "Texts");
        services.AddRequestLocalization(o =>
        {
            string[] names = [.. Names.Keys];
            o.SetDefaultCulture(Default).AddSupportedCultures(names).AddSupportedUICultures(names);
            o.RequestCultureProviders =
            [
                new CookieRequestCultureProvider(),
                new AcceptLanguageHeaderRequestCultureProvider(),
            ];
            o.ApplyCurrentCultureToResponseHeaders = true;
        });
    }

    /// <summary><c>POST /language</c> (<c>language</c>, <c>returnUrl</c>): the switch at the foot of every page.</summary>
    public static void MapLanguages(this WebApplication app) => app.MapPost("/language", ChooseAsync);

    private static async Task<IResult> ChooseAsync(HttpContext context, CancellationToken ct)
    {
        var (form, problem) = await FormBody.ReadAsync(context.Request, ct);
        if (form is null)
        {
            return problem!;
        }

        if (form["language"] is not [{ } language] || !Names.ContainsKey(language))
        {
            return ApiProblem.Invalid("language", $"must be one of: {string.Join(", ", Names.Keys)}.");
        }

        context.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(365),
                IsEssential = true,
            }
        );
        var returnUrl = form["returnUrl"].ToString();
        return RedirectHttpResult.IsLocalUrl(returnUrl) ? Results.LocalRedirect(returnUrl) : Results.LocalRedirect("/");
    }
}
