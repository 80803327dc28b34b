using System.Globalization;
using System.Text.Json;

namespace PayPerUse.Http.Receipts;

/// <summary>The words of receipts in one language, from <c>words.json</c>; dates and amounts as people write them in it.</summary>
internal sealed class ReceiptWords
{
    private static readonly Dictionary<string, ReceiptWords> All = Read();

    private readonly Dictionary<string, string> _words;
    private readonly CultureInfo _culture;

    private ReceiptWords(string language, Dictionary<string, string> words)
    {
        Language = language;
        _words = words;
        _culture = CultureInfo.GetCultureInfo(words["culture"]);
    }

    public string Language { get; }

    public string this[string key] => _words[key];

    public static ReceiptWords In(string language) => All[language];

    public string Money(Payments.Money money) => Money(money.Amount, money.Currency);

    public string Money(long amount, string currency) => (amount / 100m).ToString("N2", _culture) + " " + currency;

    public string Percent(decimal rate) => rate.ToString("0.##", _culture) + " %";

    public string Day(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMMM yyyy", _culture);

    public string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMMM yyyy, HH:mm:ss zzz", _culture);

    private static Dictionary<string, ReceiptWords> Read()
    {
        using var file = typeof(ReceiptWords).Assembly.GetManifestResourceStream("PayPerUse.receipt-words.json")!;
        return JsonSerializer
            .Deserialize<Dictionary<string, Dictionary<string, string>>>(file)!
            .ToDictionary(l => l.Key, l => new ReceiptWords(l.Key, l.Value), StringComparer.Ordinal);
    }
}
