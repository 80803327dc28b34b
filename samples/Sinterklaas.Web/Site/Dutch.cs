using System.Globalization;
using PayPerUse.Payments;

namespace Sinterklaas.Web.Site;

/// <summary>Writes days and prices the way people here read them.</summary>
public static class Dutch
{
    private static readonly CultureInfo Culture = CultureInfo.GetCultureInfo("nl-BE");
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Brussels");

    public static string Day(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).ToString("d MMMM", Culture);

    public static string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).ToString("HH:mm", Culture);

    public static string Price(Money money) =>
        $"{money.Currency switch { "EUR" => "€", var other => other }} {(money.Amount / 100m).ToString("0.00", Culture)}";
}
