using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sinterklaas.Web.Letters;

/// <summary>What never goes into, nor comes out of, a letter. The lists are the embedded <c>Phrases/filter.json</c>.</summary>
internal static partial class WordFilter
{
    private static readonly Lists Filter = PhraseBook.Read<Lists>("filter");
    private static readonly Regex Commands = new(string.Join('|', Filter.Commands), RegexOptions.CultureInvariant);

    /// <summary>False for bad words (disguised ones too), links, addresses and code.</summary>
    public static bool Allows(string text)
    {
        var folded = Fold(text);
        var joined = SpelledOut().Replace(folded, "");
        return !Foreign().IsMatch(text) && !Words(folded).Concat(Words(joined)).Any(IsBad);
    }

    /// <summary>True for text that talks to a machine instead of to Sinterklaas ("ignore all previous instructions").</summary>
    public static bool IsCommand(string text) => Commands.IsMatch(Fold(text));

    /// <summary>True for "-", "niets", "?" and their like.</summary>
    public static bool IsNothing(string text) =>
        !Meaningful().IsMatch(text) || Filter.Nothing.Contains(Fold(text).Trim());

    private static bool IsBad(string word) => Bad(word) || Bad(Stretched().Replace(word, "$1"));

    private static bool Bad(string word) =>
        Filter.Words.Contains(word) || Filter.Stems.Any(stem => word.StartsWith(stem, StringComparison.Ordinal));

    private static IEnumerable<string> Words(string folded)
    {
        foreach (Match match in Word().Matches(folded))
        {
            yield return match.Value;
            yield return string.Concat(match.Value.Select(Unmask));
        }
    }

    private static char Unmask(char c) =>
        c switch
        {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' or '@' => 'a',
            '5' or '$' => 's',
            '7' => 't',
            _ => c,
        };

    /// <summary>Lower case, without accents and invisible joiners.</summary>
    private static string Fold(string text) =>
        string.Concat(
            text.Normalize(NormalizationForm.FormKD)
                .Where(c =>
                    CharUnicodeInfo.GetUnicodeCategory(c)
                        is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
                )
                .Select(char.ToLowerInvariant)
        );

    private sealed record Lists(
        HashSet<string> Words,
        IReadOnlyList<string> Stems,
        IReadOnlyList<string> Commands,
        HashSet<string> Nothing
    );

    [GeneratedRegex(@"[\p{L}\p{Nd}@$]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<=(?<![\p{L}\p{Nd}])[\p{L}\p{Nd}])[\W_]+(?=[\p{L}\p{Nd}](?![\p{L}\p{Nd}]))")]
    private static partial Regex SpelledOut();

    [GeneratedRegex(@"(.)\1{2,}")]
    private static partial Regex Stretched();

    [GeneratedRegex(
        @"[<>{}\[\]\\|`=^~]|://|\bwww\.|\S@\S|\b[\w-]+\.(com|net|org|be|nl|eu|fr|de|io|ru)\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Foreign();

    [GeneratedRegex(@"[\p{L}\p{Nd}\p{So}\p{Cs}]")]
    private static partial Regex Meaningful();
}
