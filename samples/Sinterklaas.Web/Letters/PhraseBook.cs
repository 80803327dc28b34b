using System.Text.Json;

namespace Sinterklaas.Web.Letters;

/// <summary>One language of Sinterklaas: the embedded <c>Phrases/{language}.json</c>, which the readme beside this file explains.</summary>
internal sealed record PhraseBook
{
    private static readonly Dictionary<string, PhraseBook> Books = new[] { "nl", "fr", "de", "en" }.ToDictionary(
        language => language,
        language => Read<PhraseBook>(language) with { Language = language }
    );

    public string Language { get; init; } = "nl";

    /// <summary>The language's name in English, for a prompt.</summary>
    public required string EnglishName { get; init; }

    public required string And { get; init; }

    /// <summary>Ends a list that was too long to quote whole.</summary>
    public required string AndMore { get; init; }

    public required string OpenQuote { get; init; }
    public required string CloseQuote { get; init; }

    /// <summary>The ages in words, from one.</summary>
    public required string[] Years { get; init; }

    /// <summary>For a child whose name cannot be used, and for several.</summary>
    public required string NoName { get; init; }
    public required string NoNames { get; init; }

    /// <summary>Frequent words that tell this language from the others.</summary>
    public required HashSet<string> CommonWords { get; init; }

    /// <summary>Paragraph by paragraph, what a text of this kind is made of.</summary>
    public required Dictionary<string, string[]> Layouts { get; init; }

    /// <summary>The ways to fill each slot.</summary>
    public required Dictionary<string, string[]> Phrases { get; init; }

    public static PhraseBook For(string? language) => Books.GetValueOrDefault(language ?? "nl", Books["nl"]);

    /// <summary>The book whose common words occur most in a text: the language it seems to be written in.</summary>
    public static PhraseBook Recognize(string text)
    {
        var words = text.ToLowerInvariant().Split([.. " \n,.!?’'"], StringSplitOptions.RemoveEmptyEntries);
        return Books.Values.MaxBy(book => words.Count(book.CommonWords.Contains))!;
    }

    public string Quote(string item) => OpenQuote + item + CloseQuote;

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public string Enumerate(IReadOnlyList<string> items, bool more = false) =>
        more ? $"{string.Join(", ", items)} {AndMore}"
        : items.Count < 2 ? string.Concat(items)
        : $"{string.Join(", ", items.SkipLast(1))} {And} {items[^1]}";

    internal static TFile Read<TFile>(string name)
    {
        using var stream = typeof(PhraseBook).Assembly.GetManifestResourceStream($"Letters.{name}.json")!;
        return JsonSerializer.Deserialize<TFile>(stream, JsonSerializerOptions.Web)!;
    }
}
