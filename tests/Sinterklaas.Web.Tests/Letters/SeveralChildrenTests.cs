using Sinterklaas.Web.Data;
using Sinterklaas.Web.Gifts;
using Sinterklaas.Web.Letters;

namespace Sinterklaas.Web.Tests.Letters;

/// <summary>One letter for brothers and sisters, something to work on, and what the parents said in confidence.</summary>
public sealed class SeveralChildrenTests
{
    private static readonly string[] Names = ["Lotte", "Zoë", "Émile", "D’Artagnan", "Noor", "Anne Sofie"];

    // What speaks to one child alone, by language; quotes of what was typed are left out first.
    private static readonly Dictionary<string, string> ToOne = new()
    {
        ["nl"] = @"(?i)\b(je|jij|jou|jouw|jezelf)\b",
        ["de"] = @"(?i)\b(du|dir|dich|dein\w*|bist)\b",
        ["fr"] = @"(?i)\b(tu|te|toi|ton|ta|tes)\b|\bt’",
        ["en"] = @"(?i)\b(yourself|little friend)\b",
    };

    // What speaks to several, or of a child's gender, or forgets to elide.
    private static readonly Dictionary<string, string> Wrong = new()
    {
        ["nl"] = @"(?i)\b(jongen|meisje|zoon|dochter|kerel|knul)\b",
        ["de"] = @"(?i)\b(junge|mädchen|sohn|tochter|braver|brave)\b",
        ["fr"] =
            @"(?i)\b(garçon|fille|fils|gentille?|content|contente|grand garçon)\b|\b(le|la|de|que|je|ne|me|te|se) [aeiouyâàéèêëîïôùû]",
        ["en"] = @"(?i)\b(boy|girl|son|daughter)\b",
    };

    private static readonly Dictionary<string, string> ToSeveral = new()
    {
        ["nl"] = @"(?i)\bjullie\b",
        ["de"] = @"(?i)\b(ihr|euch|eure\w*)\b",
        ["fr"] = @"(?i)\b(vous|votre|vos)\b",
        ["en"] = @"(?i)\byourselves\b",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nl")]
    [InlineData("fr")]
    [InlineData("de")]
    [InlineData("en")]
    public async Task Thousands_of_letters_differ_and_speak_to_as_many_children_as_there_are(string language)
    {
        var random = new Random(language[1]);
        var writer = new LocalLetterWriter(random);
        var seen = new HashSet<string>();
        for (var i = 0; i < 1500; i++)
        {
            var count = (i % 6) + 1;
            var input = Family(random, count, language) with
            {
                ToImprove = i % 2 == 0 ? "77" : null,
                ParentNote = i % 3 == 0 ? "Papa en mama gaan uit elkaar" : null,
                GoodDeeds = i % 7 == 0 ? "-" : "42, 43",
                Wishes = i % 5 == 0 ? "" : "44 , 45",
            };
            var text = await writer.WriteAsync(
                input,
                i % 4 == 3 ? GiftKind.Audio : GiftKind.Letter,
                _ => Task.CompletedTask,
                Ct
            );

            Assert.True(seen.Add(text), "Two are the same.");
            Assert.All(input.All, child => Assert.Contains(child.ChildName!, text, StringComparison.Ordinal));
            Assert.DoesNotMatch(@"[{}\[\]|]|  |\.\.|[ \u00A0],| \.|\n{3}|^\s|\s$", text);
            Assert.All(text.Split("\n\n"), paragraph => Assert.Matches(@"^[\p{Lu}“„«]", paragraph));
            Assert.DoesNotMatch(count == 1 ? ToSeveral[language] : ToOne[language], text);
            Assert.DoesNotMatch(Wrong[language], text);
            Assert.Equal(i % 2 == 0, text.Contains("77", StringComparison.Ordinal));
            Assert.Equal(language, PhraseBook.Recognize(text).Language);
            Assert.DoesNotContain("elkaar gaan", text, StringComparison.Ordinal);
            Assert.InRange(text.Length, 200, 4500);
        }
    }

    [Fact]
    public async Task The_parents_note_changes_the_tone_and_no_word_of_it_comes_out()
    {
        var writer = new LocalLetterWriter(Random.Shared);
        var input = Family(Random.Shared, 2, "nl") with
        {
            ParentNote = "Hamster Kwibus overleden, scheidingsperikelen",
        };
        for (var i = 0; i < 100; i++)
        {
            var letter = await writer.WriteAsync(input, GiftKind.Letter, _ => Task.CompletedTask, Ct);
            Assert.DoesNotMatch("(?i)hamster|kwibus|overleden|scheiding", letter);
            Assert.Matches("moeilijke dag|verdrietig|manen|tegen iemand aan|lastige dagen", letter);
        }
    }

    [Fact]
    public async Task A_name_that_cannot_be_printed_is_left_out_and_the_others_stay()
    {
        var input = Family(Random.Shared, 1, "nl") with
        {
            ChildName = "Lotte",
            Children = [new Child("Klootzak", 4), new Child("Noor", 8)],
        };

        var letter = await new LocalLetterWriter(Random.Shared).WriteAsync(
            input,
            GiftKind.Letter,
            _ => Task.CompletedTask,
            Ct
        );

        Assert.DoesNotContain("klootzak", letter, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("^[^\n]*Lotte en Noor,", letter);
    }

    [Fact]
    public async Task When_one_name_is_left_the_letter_speaks_to_that_child_of_its_own_age()
    {
        var input = Family(Random.Shared, 1, "nl") with
        {
            ChildName = "Klootzak",
            Age = 11,
            Children = [new Child("Noor", 2)],
        };
        for (var i = 0; i < 20; i++)
        {
            var letter = await new LocalLetterWriter(Random.Shared).WriteAsync(
                input,
                GiftKind.Letter,
                _ => Task.CompletedTask,
                Ct
            );
            Assert.DoesNotMatch(ToSeveral["nl"], letter);
            Assert.DoesNotContain("elf jaar", letter, StringComparison.Ordinal);
        }
    }

    private static GiftInput Family(Random random, int count, string language)
    {
        var names = Names.OrderBy(_ => random.Next()).Take(count).ToArray();
        return new GiftInput
        {
            ChildName = names[0],
            Age = random.Next(1, 13),
            Children = [.. names[1..].Select(name => new Child(name, random.Next(1, 13)))],
            GoodDeeds = "fietsen",
            Wishes = "lego",
            Language = language,
        };
    }
}
