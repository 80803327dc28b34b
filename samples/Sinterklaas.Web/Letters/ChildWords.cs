using System.Net;

namespace Sinterklaas.Web.Letters;

internal sealed record NamedChild(string Name, int Age);

/// <summary>What can be quoted of a free text. <c>More</c>: there were too many. <c>Lost</c>: there was something, and none of it can be quoted.</summary>
internal sealed record ChildList(IReadOnlyList<string> Items, bool More, bool Lost)
{
    /// <summary>Which phrases answer it.</summary>
    public string Variant =>
        Items.Count > 0 ? "some"
        : Lost ? "lost"
        : "none";
}

/// <summary>Reads what was typed about children into clean words that a letter can quote: no markup, links, commands or bad words.</summary>
/// <param name="Children">Each whose name can be printed; without any, all of them under a name that fits every child.</param>
internal sealed record ChildWords(NamedChild[] Children, ChildList Deeds, ChildList Work, ChildList Wishes)
{
    private const int LongestText = 5000;
    private const int MostItems = 8;
    private const int LongestItem = 120;

    public IReadOnlyList<string> Names => [.. Children.Select(child => child.Name).Distinct()];

    public static ChildWords Read(GiftInput input, PhraseBook book)
    {
        var children = input.All.Select(child => new NamedChild(Name(child.ChildName), child.Age ?? 0)).ToArray();
        var named = children.Where(child => child.Name.Length > 0).DistinctBy(child => child.Name).ToArray();
        var nameless = children.Length > 1 ? book.NoNames : book.NoName;
        return new(
            named.Length > 0 ? named : [.. children.Select(child => child with { Name = nameless })],
            Items(input.GoodDeeds, book.And, things: false),
            Items(input.ToImprove, book.And, things: false),
            Items(input.Wishes, book.And, things: true)
        );
    }

    /// <summary>For a voice: what cannot be pronounced (emoji, symbols) is left out.</summary>
    public ChildWords Spoken() => this with { Deeds = Spoken(Deeds), Work = Spoken(Work), Wishes = Spoken(Wishes) };

    private static ChildList Spoken(ChildList list)
    {
        string[] said = [.. list.Items.Select(item => Drop("notSpoken", item).Trim()).Where(item => item != "")];
        return list with { Items = said, Lost = list.Lost || (list.Items.Count > 0 && said.Length == 0) };
    }

    /// <summary>The name as it may be printed; empty when nothing of it can be.</summary>
    private static string Name(string? typed)
    {
        var plain = Plain(typed);
        var name = Cut(Drop("notInNames", plain).Trim([.. " .-'’"]), GiftInput.MaxName).TrimEnd('…');
        var mayBePrinted = name.Any(char.IsLetter) && !WordFilter.IsCommand(plain);
        return mayBePrinted && WordFilter.Allows(plain) && WordFilter.Allows(name)
            ? char.ToUpperInvariant(name[0]) + name[1..]
            : "";
    }

    /// <summary>
    /// Lines and commas separate, and so does the last "and" of an enumeration, and of a pair of short <paramref name="things"/>.
    /// A sentence that goes on after an "and" or a comma (", omdat …") stays whole, so that quoting it keeps its grammar.
    /// </summary>
    private static ChildList Items(string? typed, string and, bool things)
    {
        var plain = Plain(typed).Replace($", {and} ", ", ", StringComparison.OrdinalIgnoreCase);
        if (WordFilter.IsCommand(plain))
        {
            return new([], More: false, Lost: true);
        }

        var pieces = WordFilter.Pattern("separators").Split(plain).Select(Tidy).ToList();
        pieces.RemoveAll(WordFilter.IsNothing);
        var last = pieces.LastOrDefault("");
        if (last.LastIndexOf($" {and} ", StringComparison.OrdinalIgnoreCase) is > 0 and var at)
        {
            string[] pair = [last[..at], last[(at + and.Length + 2)..]];
            if (pieces.Count > 1 || (things && pair.All(thing => thing.Count(c => c == ' ') < 3)))
            {
                pieces = [.. pieces[..^1], .. pair.Select(Tidy)];
            }
        }

        var clean = pieces.Where(WordFilter.Allows).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var items = clean.Take(MostItems).Select(piece => Cut(piece, LongestItem)).ToList();
        return new(items, More: clean.Count > items.Count, Lost: clean.Count == 0 && pieces.Count > 0);
    }

    // Broken surrogates are mended, and what cannot be seen (controls, text direction) goes; emoji keep their joiners.
    private static string Plain(string? typed)
    {
        var text = string.Concat((typed ?? "")[..Math.Min(typed?.Length ?? 0, LongestText)].EnumerateRunes());
        var seen = WordFilter.Pattern("invisible").Replace(text.Replace('\t', ' '), "").Normalize();
        return WordFilter.Replace("markup", WordFilter.Replace("hidden", WebUtility.HtmlDecode(seen)));
    }

    private static string Tidy(string piece) => Drop("wrapping", piece).Trim([.. " .,:!?-–—*_/+'"]);

    private static string Drop(string pattern, string text) =>
        WordFilter.Replace("spaces", WordFilter.Replace(pattern, text));

    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = text.LastIndexOf(' ', longest - 1) is var space && space > longest / 2 ? space : longest - 1;
        return text[..(char.IsLowSurrogate(text[end]) ? end - 1 : end)].TrimEnd(' ', ',', '.') + "…";
    }
}
