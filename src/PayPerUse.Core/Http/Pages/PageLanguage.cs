using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using PayPerUse.Payments;

namespace PayPerUse.Http.Pages;

/// <summary>The language of what we write ourselves.</summary>
internal static class PageLanguage
{
    private static readonly string[] Known = ["nl", "fr", "de", "en"];

    /// <summary>The app's own choice where it makes one (UseRequestLocalization), else what the browser prefers; else English.</summary>
    /// <returns>One of <c>nl fr de en</c>.</returns>
    public static string Of(HttpContext context)
    {
        var chosen = context.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture.TwoLetterISOLanguageName;
        return KnownOf(chosen)
            ?? context
                .Request.GetTypedHeaders()
                .AcceptLanguage.Where(l => l.Quality is not 0)
                .OrderByDescending(l => l.Quality ?? 1)
                .Select(l => KnownOf(l.Value.Value))
                .FirstOrDefault(l => l is not null)
            ?? "en";
    }

    /// <summary>The language in which a payment was ordered, whoever looks at it with whatever device; else as above.</summary>
    public static string Of(HttpContext context, Payment? payment) => KnownOf(payment?.Language) ?? Of(context);

    /// <summary>The same where nobody looks yet: else English.</summary>
    public static string Of(Payment payment) => KnownOf(payment.Language) ?? "en";

    private static string? KnownOf(string? tag)
    {
        var language = tag?.Split('-')[0].ToLowerInvariant();
        return Known.Contains(language) ? language : null;
    }
}
