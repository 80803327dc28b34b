using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>The words of the pay page in one language, from <c>pay-page.json</c>.</summary>
internal sealed class SimulatorTexts(string language, IReadOnlyDictionary<string, string> texts)
{
    private static readonly Dictionary<string, SimulatorTexts> All = Read();

    public string Language => language;

    public string this[string key] => texts[key];

    /// <summary>In the language of the app where it chooses one, else the reader's; Dutch when that is none of ours.</summary>
    public static SimulatorTexts For(HttpContext context)
    {
        var chosen = context.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture.TwoLetterISOLanguageName;
        var asked = context
            .Request.GetTypedHeaders()
            .AcceptLanguage.Where(l => l.Quality is not 0)
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value?.Split('-')[0].ToLowerInvariant());
        return All[new[] { chosen }.Concat(asked).FirstOrDefault(l => l is not null && All.ContainsKey(l)) ?? "nl"];
    }

    /// <summary>What the page is called while a payment has this status.</summary>
    public string Of(string status) =>
        status switch
        {
            "SUCCEEDED" => this["succeeded"],
            "AUTHORIZATION_FAILED" or "FAILED" => this["declined"],
            "CANCELLED" => this["canceled"],
            "EXPIRED" => this["expired"],
            _ => this["title"],
        };

    public string Euros(long cents) =>
        string.Format(CultureInfo.InvariantCulture, this["euros"], cents / 100, cents % 100);

    private static Dictionary<string, SimulatorTexts> Read()
    {
        using var json = typeof(SimulatorTexts).Assembly.GetManifestResourceStream("PayPerUse.Payconiq.pay-page.json")!;
        return JsonSerializer
            .Deserialize<Dictionary<string, Dictionary<string, string>>>(json)!
            .ToDictionary(l => l.Key, l => new SimulatorTexts(l.Key, l.Value), StringComparer.Ordinal);
    }
}
