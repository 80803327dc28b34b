using System.Globalization;
using PayPerUse.Http.Pages;

namespace PayPerUse.Http.Receipts;

/// <summary>The words of receipts in one language, from <c>receipt.json</c>; dates and amounts as people write them in it.</summary>
internal sealed class ReceiptWords
{
    private static readonly Dictionary<string, ReceiptWords> All = PageWords
        .Read("receipt.json")
        .ToDictionary(l => l.Key, l => new ReceiptWords(l.Value), StringComparer.Ordinal);

    private readonly PageWords _words;
    private readonly CultureInfo _culture;

    private ReceiptWords(PageWords words)
    {
        _words = words;
        _culture = CultureInfo.GetCultureInfo(words["culture"]);
    }

    public string Language => _words.Language;

    public string this[string key] => _words[key];

    public static ReceiptWords In(string language) => All[language];

    public string Money(Payments.Money money) => Money(money.Amount, money.Currency);

    public string Money(long amount, string currency) => (amount / 100m).ToString("N2", _culture) + " " + currency;

    public string Percent(decimal rate) => rate.ToString("0.##", _culture) + " %";

    public string Day(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString(_words["day"], _culture);

    public string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString(_words["day"] + ", HH:mm:ss zzz", _culture);
}
