using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Sinterklaas.Web.Letters;

/// <summary>What can be quoted of a free text. <c>More</c>: there were too many. <c>Lost</c>: there was something, and none of it can be quoted.</summary>
internal sealed record ChildList(IReadOnlyList<string> Items, bool More, bool Lost);

/// <summary>Reads free text typed about a child into clean words that a letter can quote: no markup, links, commands or bad words.</summary>
internal static partial class ChildWords
{
    private const int LongestText = 5000;
    private const int MostItems = 8;
    private const int LongestItem = 120;
    private const int LongestName = 40;
    private static readonly HashSet<UnicodeCategory> Unseen =
    [
        UnicodeCategory.Control,
        UnicodeCategory.Format,
        UnicodeCategory.PrivateUse,
        UnicodeCategory.OtherNotAssigned,
    ];

    /// <summary>The name as it may be printed, or the fallback when nothing of it can be.</summary>
    public static string Name(string? typed, string fallback)
    {
        var plain = Plain(typed);
        var name = Cut(
                Spaces().Replace(NotInNames().Replace(plain, " "), " ").Trim(' ', '.', '-', '\'', '’'),
                LongestName
            )
            .TrimEnd('…');
        var usable =
            name.Any(char.IsLetter)
            && WordFilter.Allows(plain)
            && WordFilter.Allows(name)
            && !WordFilter.IsCommand(plain);
        return usable ? char.ToUpper(name[0], CultureInfo.InvariantCulture) + name[1..] : fallback;
    }

    /// <summary>
    /// Commas and lines separate; so does the last "and" of an enumeration, and of a pair of short <paramref name="things"/>.
    /// A sentence that merely holds an "and" stays whole, so that quoting it keeps its grammar.
    /// </summary>
    public static ChildList Items(string? typed, string and, bool things)
    {
        var plain = Plain(typed);
        if (WordFilter.IsCommand(plain))
        {
            return new([], More: false, Lost: true);
        }

        var pieces = Separators().Split(plain).Select(Tidy).Where(piece => !WordFilter.IsNothing(piece)).ToList();
        if (
            pieces.Count > 0
            && pieces[^1].LastIndexOf($" {and} ", StringComparison.OrdinalIgnoreCase) is > 0 and var at
        )
        {
            var (left, right) = (pieces[^1][..at], pieces[^1][(at + and.Length + 2)..]);
            if (pieces.Count > 1 || (things && Math.Max(left.Count(c => c == ' '), right.Count(c => c == ' ')) < 3))
            {
                pieces.RemoveAt(pieces.Count - 1);
                pieces.AddRange([Tidy(left), Tidy(right)]);
            }
        }

        var clean = pieces.Where(WordFilter.Allows).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var items = clean.Take(MostItems).Select(piece => Cut(piece, LongestItem)).ToList();
        return new(items, More: clean.Count > items.Count, Lost: clean.Count == 0 && pieces.Count > 0);
    }

    /// <summary>For a voice: what cannot be pronounced (emoji, symbols) is left out.</summary>
    public static string Spoken(string text) => Spaces().Replace(NotSpoken().Replace(text, " "), " ").Trim();

    private static string Plain(string? typed)
    {
        // Runes mend broken surrogates; what cannot be seen (controls, text direction) goes, but emoji keep their joiners.
        var text = new StringBuilder();
        foreach (var rune in typed.AsSpan(0, Math.Min(typed?.Length ?? 0, LongestText)).EnumerateRunes())
        {
            var shown = rune.Value is '\n' or '\r' or 0x200D || !Unseen.Contains(Rune.GetUnicodeCategory(rune));
            text.Append(
                shown && rune != Rune.ReplacementChar ? rune.ToString()
                : rune.Value is '\t' ? " "
                : ""
            );
        }

        var decoded = WebUtility.HtmlDecode(text.ToString().Normalize());
        return Tags().Replace(Hidden().Replace(decoded, " "), " ").Replace("<3", "", StringComparison.Ordinal);
    }

    private static string Tidy(string piece) =>
        Spaces()
            .Replace(Quotes().Replace(Bullet().Replace(piece, ""), ""), " ")
            .Trim(' ', '.', ',', ':', '!', '?', '-', '–', '—', '*', '_', '/', '+', '\'');

    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var space = text.LastIndexOf(' ', longest - 1);
        var end = space > longest / 2 ? space : longest - 1;
        return text[..(char.IsLowSurrogate(text[end]) ? end - 1 : end)].TrimEnd(' ', ',', '.') + "…";
    }

    [GeneratedRegex(@"<(script|style)\b.*?(</\1\s*>|$)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Hidden();

    [GeneratedRegex(@"</?[a-z!][^>]*(>|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\r\n;•]+|(?<!\d),|,(?!\d)")]
    private static partial Regex Separators();

    [GeneratedRegex(@"^\s*(?:[-*–—+]+|\d{1,2}[.)])\s*")]
    private static partial Regex Bullet();

    [GeneratedRegex("[\"“”„«»]")]
    private static partial Regex Quotes();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[^\p{L}\p{M} .'’-]+")]
    private static partial Regex NotInNames();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{Nd}\s.,:;!?'’%€&()-]+")]
    private static partial Regex NotSpoken();
}
