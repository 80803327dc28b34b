using System.Text.RegularExpressions;

namespace Sinterklaas.Web.Letters;

/// <summary>
/// Composes letters on this machine from phrase books: billions of combinations, so no two children get the same one.
/// What was typed is quoted and never conjugated, so the grammar holds whatever it says.
/// </summary>
internal sealed partial class LocalLetterWriter(Random random) : ILetterWriter
{
    public Task<string> WriteAsync(LetterRequest request, CancellationToken ct) =>
        Compose(request, "letter", text => text, ct);

    public Task<string> WriteScriptAsync(LetterRequest request, CancellationToken ct) =>
        Compose(request, "script", ChildWords.Spoken, ct);

    private Task<string> Compose(LetterRequest request, string kind, Func<string, string> say, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var book = PhraseBook.For(request.Language);
        var deeds = Read(request.GoodDeeds, things: false);
        var wishes = Read(request.Wishes, things: true);
        var shortWishes = wishes.Items.Where(item => item.Length <= 30).ToArray();

        var values = new Dictionary<string, string>
        {
            ["name"] = ChildWords.Name(request.ChildName, book.NoName),
            ["years"] = book.Age(request.Age),
            ["deedList"] = Enumerate(book, deeds),
            ["wishList"] = Enumerate(book, wishes),
            ["wish"] = shortWishes.Length == 0 ? "" : Quote(book, shortWishes[random.Next(shortWishes.Length)]),
        };
        var variants = new Dictionary<string, string>
        {
            ["age"] = request.Age switch
            {
                <= 2 => "baby",
                <= 5 => "toddler",
                <= 8 => "school",
                _ => "big",
            },
            ["deeds"] = Variant(deeds),
            ["wishes"] = Variant(wishes),
            ["wishReply"] = wishes.Items.Count > 1 && shortWishes.Length > 0 ? "many" : "one",
        };

        var draws = new Dictionary<string, Queue<string>>();
        return Task.FromResult(string.Join("\n\n", book.Layouts[kind].Select(Fill)));

        ChildList Read(string typed, bool things)
        {
            var list = ChildWords.Items(typed, book.And, things);
            var said = list.Items.Select(say).Where(item => item.Length > 0).ToList();
            return list with { Items = said, Lost = list.Lost || (said.Count == 0 && list.Items.Count > 0) };
        }

        string Fill(string template) =>
            Slot()
                .Replace(
                    template,
                    slot =>
                        values.TryGetValue(slot.Groups[1].Value, out var value)
                            ? value
                            : Fill(Draw(slot.Groups[1].Value))
                );

        // Without putting back, so that one letter never tells the same joke twice.
        string Draw(string slot)
        {
            if (!draws.TryGetValue(slot, out var left) || left.Count == 0)
            {
                var phrases = variants.TryGetValue(slot, out var variant)
                    ? book.Phrases[$"{slot}.{variant}"]
                    : book.Phrases[slot];
                draws[slot] = left = new Queue<string>(phrases.OrderBy(_ => random.Next()));
            }

            return left.Dequeue();
        }
    }

    private static string Variant(ChildList list) =>
        list.Items.Count > 0 ? "some"
        : list.Lost ? "lost"
        : "none";

    private static string Quote(PhraseBook book, string item) => book.OpenQuote + item + book.CloseQuote;

    private static string Enumerate(PhraseBook book, ChildList list)
    {
        var quoted = list.Items.Select(item => Quote(book, item)).ToArray();
        return list.More ? $"{string.Join(", ", quoted)} {book.AndMore}"
            : quoted.Length < 2 ? string.Concat(quoted)
            : $"{string.Join(", ", quoted[..^1])} {book.And} {quoted[^1]}";
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Slot();
}
