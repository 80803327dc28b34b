namespace Sinterklaas.Web.Site;

/// <summary>Writes days, times and prices in the visitor's language, by the clock of Brussels.</summary>
public static class Local
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>A day such as "5 december", in the page's language or in the one that is named.</summary>
    public static string Day(DateTimeOffset at, string? language = null) => Day(at, language, "MMMM", "");

    /// <summary>A date such as "5 december 2026", for what is kept over the years; "5 dec 2026" where its month is MMM.</summary>
    public static string Date(DateTimeOffset at, string month = "MMMM") => Day(at, language: null, month, " yyyy");

    public static string Time(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, Zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Price(Money money) => money.ToText(CultureInfo.CurrentCulture);

    private static string Day(DateTimeOffset at, string? language, string month, string year)
    {
        var culture = language is null ? CultureInfo.CurrentCulture : CultureInfo.GetCultureInfo(language);
        // English as in Europe: the day first.
        var pattern = culture.TwoLetterISOLanguageName == "en" ? "d MMMM" : culture.DateTimeFormat.MonthDayPattern;
        var written = pattern.Replace("MMMM", month, StringComparison.Ordinal) + year;
        return TimeZoneInfo.ConvertTime(at, Zone).ToString(written, culture);
    }
}
