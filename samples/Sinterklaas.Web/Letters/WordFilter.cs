namespace Sinterklaas.Web.Letters;

/// <summary>
/// What never goes into, nor comes out of, a letter: the lists of <c>Phrases/filter.json</c>, the patterns of
/// <c>Phrases/patterns.json</c>.
/// </summary>
internal static class WordFilter
{
    // Digits, signs, and letters of other alphabets that pass for ours.
    private const string Disguises = "01345789@$€!асеорхуікмтнвѕјαονκτυριη";
    private const string Undisguised = "oieastbgaseiaceopxyikmthbsjaovktupin";
    private static readonly Filter Lists = PhraseBook.Read<Filter>("filter");
    private static readonly Regex Refused = AnyOf(Lists.Refused);
    private static readonly Regex Commands = AnyOf(Lists.Commands);
    private static readonly Dictionary<string, Regex> Patterns = PhraseBook
        .Read<Dictionary<string, string>>("patterns")
        .ToDictionary(pattern => pattern.Key, pattern => new Regex(pattern.Value, RegexOptions.CultureInvariant));

    public static Regex Pattern(string name) => Patterns[name];

    /// <summary>Puts a space wherever a pattern matches.</summary>
    public static string Replace(string pattern, string text) => Patterns[pattern].Replace(text, " ");

    /// <summary>False for bad words (disguised ones too), links, addresses and code.</summary>
    public static bool Allows(string text)
    {
        var folded = Fold(text);
        var words = Words(folded).Concat(Words(JoinLetters(folded)));
        return !Refused.IsMatch(text) && !words.Concat(words.Select(Undisguise)).Any(IsBad);
    }

    /// <summary>True for text that talks to a machine instead of to Sinterklaas ("ignore all previous instructions").</summary>
    public static bool IsCommand(string? text)
    {
        var folded = Fold(text ?? "");
        return new[] { folded, Undisguise(folded), JoinLetters(folded) }.Any(Commands.IsMatch);
    }

    /// <summary>True for "-", "niets", "?" and their like.</summary>
    public static bool IsNothing(string text) =>
        !Pattern("meaningful").IsMatch(text) || Lists.Nothing.Contains(Fold(text).Trim());

    /// <summary>The words of a text, in lower case and without accents.</summary>
    public static HashSet<string> WordsOf(string? text) => [.. Words(Fold(text ?? ""))];

    private static Regex AnyOf(string[] patterns) =>
        new("(?is)" + string.Join('|', patterns), RegexOptions.CultureInvariant);

    private static IEnumerable<string> Words(string folded) =>
        Pattern("word").Matches(folded).Select(match => match.Value);

    private static bool IsBad(string word) =>
        new[] { word, Pattern("stretched").Replace(word, "$1") }.Any(w =>
            Lists.Words.Contains(w) || Lists.Stems.Any(stem => w.StartsWith(stem, StringComparison.Ordinal))
        );

    private static string Undisguise(string text) =>
        string.Concat(text.Select(c => Disguises.IndexOf(c) is >= 0 and var at ? Undisguised[at] : c));

    // "w o r d" and "w.o.r.d" are a word.
    private static string JoinLetters(string folded) => Pattern("spelledOut").Replace(folded, "");

    /// <summary>Lower case, without accents and invisible joiners.</summary>
    private static string Fold(string text) =>
        Pattern("accents").Replace(text.Normalize(NormalizationForm.FormKD), "").ToLowerInvariant();

    private sealed record Filter(string[] Words, string[] Stems, string[] Refused, string[] Commands, string[] Nothing);
}
