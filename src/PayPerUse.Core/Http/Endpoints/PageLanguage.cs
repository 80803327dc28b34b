using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;

namespace PayPerUse.Http.Endpoints;

/// <summary>The language of what we write ourselves.</summary>
internal static class PageLanguage
{
    private static readonly string[] Known = ["nl", "fr", "de", "en"];

    /// <summary>The app's own choice where it makes one (UseRequestLocalization), else what the browser prefers; else English.</summary>
    /// <returns>One of <c>nl fr de en</c>.</returns>
    public static string Of(HttpContext context)
    {
        var chosen = context.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture.TwoLetterISOLanguageName;
        if (chosen is not null && Known.Contains(chosen))
        {
            return chosen;
        }

        return context
                .Request.GetTypedHeaders()
                .AcceptLanguage.Where(l => l.Quality is not 0)
                .OrderByDescending(l => l.Quality ?? 1)
                .Select(l => l.Value.Value?.Split('-')[0].ToLowerInvariant())
                .FirstOrDefault(l => Known.Contains(l))
            ?? "en";
    }
}
