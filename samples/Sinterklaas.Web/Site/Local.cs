namespace Sinterklaas.Web.Site;

/// <summary>Writes days, times and prices in the visitor's language, by the clock of Brussels.</summary>
public static class Local
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>A day such as "5 december", in the page's language or in the one that is named.</summary>
    public static string Day(DateTimeOffset at, string? language = null) => Day(at, language, month: "MMMM");

    /// <summary>A day such as "5 dec", for columns.</summary>
    public static string ShortDay(DateTimeOffset at) => Day(at, language: null, month: "MMM");

    public static string Time(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, Zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Price(Money money) => money.ToText(CultureInfo.CurrentCulture);

    private static string Day(DateTimeOffset at, string? language, string month)
    {
        var culture = language is null ? CultureInfo.CurrentCulture : CultureInfo.GetCultureInfo(language);
        // English as in Europe: the day first.
        var pattern = culture.TwoLetterISOLanguageName == "en" ? "d MMMM" : culture.DateTimeFormat.MonthDayPattern;
        var written = pattern.Replace("MMMM", month, StringComparison.Ordinal);
        return TimeZoneInfo.ConvertTime(at, Zone).ToString(written, culture);
    }
}
