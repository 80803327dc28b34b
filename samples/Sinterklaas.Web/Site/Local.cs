using System.Globalization;

namespace Sinterklaas.Web.Site;

/// <summary>Writes days, times and prices in the visitor's language, by the clock of Brussels.</summary>
public static class Local
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    /// <summary>A day such as "5 december", in the page's language or in the one that is named.</summary>
    public static string Day(DateTimeOffset at, string? language = null)
    {
        var culture = language is null ? CultureInfo.CurrentCulture : CultureInfo.GetCultureInfo(language);
        return TimeZoneInfo.ConvertTime(at, Zone).ToString(PatternOf(culture), culture);
    }

    /// <summary>A day such as "5 dec", for columns.</summary>
    public static string ShortDay(DateTimeOffset at)
    {
        var culture = CultureInfo.CurrentCulture;
        var pattern = PatternOf(culture).Replace("MMMM", "MMM", StringComparison.Ordinal);
        return TimeZoneInfo.ConvertTime(at, Zone).ToString(pattern, culture);
    }

    public static string Time(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, Zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Price(Money money) => money.ToText(CultureInfo.CurrentCulture);

    // English as in Europe: the day first.
    private static string PatternOf(CultureInfo culture) =>
        culture.TwoLetterISOLanguageName == "en" ? "d MMMM" : culture.DateTimeFormat.MonthDayPattern;
}
