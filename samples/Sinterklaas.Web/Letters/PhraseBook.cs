namespace Sinterklaas.Web.Letters;

/// <summary>One language of Sinterklaas: the embedded <c>Phrases/{language}.json</c>, which the readme beside this file explains.</summary>
internal sealed record PhraseBook(
    string Language,
    string EnglishName,
    string Saint,
    string And,
    string AndMore,
    string OpenQuote,
    string CloseQuote,
    string[] Years,
    string NoName,
    string NoNames,
    HashSet<string> CommonWords,
    Dictionary<string, string[]> Layouts,
    Dictionary<string, string[]> Phrases
)
{
    private static readonly PhraseBook[] Books = [.. Languages.Names.Keys.Select(Read<PhraseBook>)];

    public static PhraseBook For(string? language) => Books.FirstOrDefault(book => book.Language == language, Books[0]);

    /// <summary>The book whose common words occur most in a text: the language it seems to be written in.</summary>
    public static PhraseBook Recognize(string text)
    {
        var words = text.ToLowerInvariant().Split([.. " \n,.!?’'"], StringSplitOptions.RemoveEmptyEntries);
        return Books.MaxBy(book => words.Count(book.CommonWords.Contains))!;
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
