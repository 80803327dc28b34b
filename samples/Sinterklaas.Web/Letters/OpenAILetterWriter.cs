using System.Text.Encodings.Web;
using Microsoft.Extensions.AI;

namespace Sinterklaas.Web.Letters;

/// <summary>
/// Lets a language model write. It gets the filtered words as data, and what it answers is checked before anybody sees it: each
/// sentence before it is shown, and the whole before it is sold.
/// </summary>
internal sealed class OpenAILetterWriter(IChatClient chat) : ILetterWriter
{
    private const int LongestText = 4000;
    private const int ShortestSecret = 3;
    private static readonly Dictionary<string, string> Prompt = PhraseBook.Read<Dictionary<string, string>>("prompt");
    private static readonly JsonSerializerOptions AsTyped = new(JsonSerializerOptions.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async Task<string> WriteAsync(GiftInput input, GiftKind kind, Func<string, Task> show, CancellationToken ct)
    {
        var book = PhraseBook.For(input.Language);
        var child = ChildWords.Read(input, book);
        var secrets = SecretsOf(input, book);
        var data = new
        {
            children = child.Children,
            goodDeeds = child.Deeds.Items,
            toImprove = child.Work.Items,
            wishes = child.Wishes.Items,
            parentNote = WordFilter.IsCommand(input.ParentNote) ? "" : input.ParentNote ?? "",
            neverSay = secrets,
        };
        ChatMessage[] messages =
        [
            new(
                ChatRole.System,
                $"You write in {book.EnglishName} only, as {book.Saint}. {Prompt["rules"]}\n{Prompt[kind.ToString()]}"
            ),
            new(ChatRole.User, $"<data>\n{JsonSerializer.Serialize(data, AsTyped).Replace('<', ' ')}\n</data>"),
        ];

        var written = new StringBuilder();
        var shown = 0;
        ChatFinishReason? end = null;
        var limits = new ChatOptions { MaxOutputTokens = 1500 };
        await foreach (var piece in chat.GetStreamingResponseAsync(messages, limits, ct))
        {
            var text = written.Append(piece.Text).ToString();
            var ready = text.LastIndexOfAny(['.', '!', '?', '\n']) + 1;
            if (ready > shown)
            {
                CheckSentences(text[..ready], secrets);
                await show(text[shown..ready]);
                shown = ready;
            }

            end = piece.FinishReason ?? end;
        }

        var whole = written.ToString();
        CheckSentences(whole, secrets);
        Refuse(end != ChatFinishReason.Stop, "it breaks off");
        Refuse(whole.Length < (kind == GiftKind.Letter ? 400 : 200), "too short");
        var isSigned = whole.Contains(book.Saint, StringComparison.OrdinalIgnoreCase) || whole.Contains("Sinterklaas");
        Refuse(!isSigned, "it is not from Sinterklaas");
        var names = child.Names.Except([book.NoName, book.NoNames]);
        Refuse(!names.All(n => whole.Contains(n, StringComparison.OrdinalIgnoreCase)), "it does not name the child");
        Refuse(PhraseBook.Recognize(whole) != book, $"it is not in {book.EnglishName}");
        await show(whole[shown..]);
        var paragraphs = whole.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries);
        return string.Join("\n\n", paragraphs.Where(paragraph => paragraph.Length > 0));
    }

    private static void CheckSentences(string text, HashSet<string> secrets)
    {
        Refuse(text.Length > LongestText, "too long");
        Refuse(!WordFilter.Allows(text), "it holds a bad word, a link or markup");
        Refuse(secrets.Overlaps(WordFilter.WordsOf(text)), "it tells what the parents said in confidence");
    }

    private static void Refuse(bool isWrong, string fault)
    {
        if (isWrong)
        {
            throw new MakerUnavailableException($"The model's text was refused: {fault}.");
        }
    }

    /// <summary>The words that only the parents' note holds: neither the rest of what was typed, nor Sinterklaas's own phrases.</summary>
    private static HashSet<string> SecretsOf(GiftInput input, PhraseBook book)
    {
        var secrets = WordFilter.WordsOf(input.ParentNote);
        secrets.RemoveWhere(word => word.Length < ShortestSecret);
        string?[] typed = [input.GoodDeeds, input.ToImprove, input.Wishes, input.Names];
        string?[] known = [.. typed, .. book.CommonWords, .. book.Phrases.Values.SelectMany(phrases => phrases)];
        secrets.ExceptWith(WordFilter.WordsOf(string.Join(' ', known)));
        return secrets;
    }
}
