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
        return TimeZoneInfo.ConvertTime(at, Zone).ToString(culture.DateTimeFormat.MonthDayPattern, culture);
    }

    public static string Time(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, Zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Price(Money money) => money.ToText(CultureInfo.CurrentCulture);
}
