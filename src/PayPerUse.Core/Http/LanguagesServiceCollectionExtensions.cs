using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Localization;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets an app speak several languages.</summary>
public static class LanguagesServiceCollectionExtensions
{
    /// <summary>
    /// Says which languages the app speaks, for <c>UseRequestLocalization</c>: that of the address (<c>?language=fr</c>), for links on
    /// pages without forms, or the visitor's choice (<c>MapLanguages</c>), kept in a cookie, or else what the browser asks for.
    /// Paywall, return page, receipts and sign-in follow it.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="languages">Such as <c>nl</c> and <c>fr</c>; the first where a browser asks for none of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">No language is named.</exception>
    public static IServiceCollection AddLanguages(this IServiceCollection services, params string[] languages)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(languages);
        ArgumentOutOfRangeException.ThrowIfZero(languages.Length);
        return services.AddRequestLocalization(o =>
        {
            o.SetDefaultCulture(languages[0]).AddSupportedCultures(languages).AddSupportedUICultures(languages);
            o.RequestCultureProviders =
            [
                new QueryStringRequestCultureProvider { QueryStringKey = "language" },
                new CookieRequestCultureProvider(),
                new AcceptLanguageHeaderRequestCultureProvider(),
            ];
            o.ApplyCurrentCultureToResponseHeaders = true;
        });
    }
}
