using System.Text.Json;

namespace Sinterklaas.Web.Letters;

/// <summary>One language of Sinterklaas: the embedded <c>Phrases/{language}.json</c>.</summary>
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
    public required IReadOnlyList<string> Years { get; init; }

    /// <summary>Any other age, with <c>#</c> for the number.</summary>
    public required string ManyYears { get; init; }

    /// <summary>For a child whose name cannot be used.</summary>
    public required string NoName { get; init; }

    /// <summary>Frequent words that tell this language from the others.</summary>
    public required IReadOnlyList<string> CommonWords { get; init; }

    /// <summary>Paragraph by paragraph, what a text of this kind is made of.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Layouts { get; init; }

    /// <summary>The ways to fill each slot; <c>slot.variant</c> goes before <c>slot</c>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Phrases { get; init; }

    public static PhraseBook For(string? language) =>
        Books.GetValueOrDefault(language?.Trim().ToLowerInvariant() ?? "nl", Books["nl"]);

    /// <summary>The book whose common words occur most in a text: the language it seems to be written in.</summary>
    public static PhraseBook Recognize(string text)
    {
        var words = text.ToLowerInvariant()
            .Split([' ', '\n', ',', '.', '!', '?', '’', '\''], StringSplitOptions.RemoveEmptyEntries);
        return Books.Values.MaxBy(book => words.Count(book.CommonWords.Contains))!;
    }

    public string Age(int years) =>
        years <= Years.Count
            ? Years[Math.Max(1, years) - 1]
            : ManyYears.Replace("#", $"{years}", StringComparison.Ordinal);

    internal static T Read<T>(string name)
    {
        using var stream = typeof(PhraseBook).Assembly.GetManifestResourceStream($"Letters.{name}.json")!;
        return JsonSerializer.Deserialize<T>(stream, JsonSerializerOptions.Web)!;
    }
}
