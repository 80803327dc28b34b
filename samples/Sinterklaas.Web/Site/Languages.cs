namespace Sinterklaas.Web.Site;

/// <summary>What the site speaks: Dutch first.</summary>
public static class Languages
{
    /// <summary>Each by its own name.</summary>
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["nl"] = "Nederlands",
        ["fr"] = "Français",
        ["de"] = "Deutsch",
        ["en"] = "English",
    };

    /// <summary>The language of the page that is being made.</summary>
    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
}
