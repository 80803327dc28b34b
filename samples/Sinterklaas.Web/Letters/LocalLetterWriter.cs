namespace Sinterklaas.Web.Letters;

/// <summary>
/// Composes letters on this machine from phrase books: billions of combinations, so no two children get the same one.
/// What was typed is quoted and never conjugated, so the grammar holds whatever it says.
/// </summary>
internal sealed partial class LocalLetterWriter(Random random) : ILetterWriter
{
    private const int LongestRepeated = 30;

    public async Task<string> WriteAsync(GiftInput input, GiftKind kind, Func<string, Task> show, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var text = Compose(input, PhraseBook.For(input.Language), spoken: kind == GiftKind.Audio);
        await show(text);
        return text;
    }

    private string Compose(GiftInput input, PhraseBook book, bool spoken)
    {
        var child = ChildWords.Read(input, book);
        child = spoken ? child.Spoken() : child;
        var several = child.Children.Length > 1;
        var shortWishes = child.Wishes.Items.Where(item => item.Length <= LongestRepeated).ToArray();
        var values = new Dictionary<string, string>
        {
            ["name"] = book.Enumerate(child.Names),
            ["years"] = book.Years[Math.Clamp(child.Children[0].Age, 1, book.Years.Length) - 1],
            ["ages"] = book.Enumerate([.. child.Children.Select(c => $"{c.Name} ({c.Age})")]),
            ["deedList"] = QuoteAll(child.Deeds),
            ["workList"] = QuoteAll(child.Work),
            ["wishList"] = QuoteAll(child.Wishes),
            ["wish"] = shortWishes.Length == 0 ? "" : book.Quote(shortWishes[random.Next(shortWishes.Length)]),
        };
        var tone = string.IsNullOrWhiteSpace(input.ParentNote) ? "plain" : "tender";
        var youngest = child.Children.Min(c => c.Age);
        var age =
            youngest <= 2 ? "baby"
            : youngest <= 5 ? "toddler"
            : youngest <= 8 ? "school"
            : "big";
        var together = youngest <= 6 ? "several.young" : "several.old";
        var variants = new Dictionary<string, string>
        {
            ["age"] = several ? together : age,
            ["advice"] = several && age != "big" ? "school" : age,
            ["fun"] = tone,
            ["aside"] = tone,
            ["deeds"] = child.Deeds.Variant,
            ["work"] = child.Work.Variant,
            ["wishes"] = child.Wishes.Variant,
            ["wishReply"] = child.Wishes.Items.Count > 1 && shortWishes.Length > 0 ? "many" : "one",
        };

        var draws = new Dictionary<string, Queue<string>>();
        var paragraphs = book.Layouts[spoken ? "script" : "letter"].Select(Fill);
        return string.Join("\n\n", paragraphs.Where(paragraph => paragraph.Length > 0));

        string QuoteAll(ChildList list) => book.Enumerate([.. list.Items.Select(book.Quote)], list.More);

        string Fill(string template) => Slot().Replace(template, FillSlot);

        string FillSlot(Match slot) =>
            slot.Groups["several"].Success ? Fill(slot.Groups[several ? "several" : "one"].Value)
            : values.TryGetValue(slot.Groups["name"].Value, out var value) ? value
            : Fill(Draw(slot.Groups["name"].Value));

        // Without putting back, so that one letter never tells the same joke twice.
        string Draw(string slot)
        {
            if (!draws.TryGetValue(slot, out var left) || left.Count == 0)
            {
                var variant = $"{slot}.{variants.GetValueOrDefault(slot)}";
                var phrases = book.Phrases.GetValueOrDefault(variant) ?? book.Phrases[slot];
                draws[slot] = left = new Queue<string>(phrases.OrderBy(_ => random.Next()));
            }

            return left.Dequeue();
        }
    }

    /// <summary><c>{slot}</c>, or <c>[for one child|for several]</c>.</summary>
    [GeneratedRegex(@"\{(?<name>\w+)\}|\[(?<one>[^\]|]*)\|(?<several>[^\]|]*)\]")]
    private static partial Regex Slot();
}
