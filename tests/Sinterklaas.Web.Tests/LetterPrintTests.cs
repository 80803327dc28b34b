using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>The letter as it looks: one page of A4 whatever its length, and its handwriting on letter pages only.</summary>
public sealed class LetterPrintTests(SharedSite site) : SiteStory(site), IClassFixture<SharedSite>
{
    [Story]
    public async Task Any_letter_is_printed_whole_on_one_page()
    {
        var link = await SharedLetterAsync();
        var page = await Browser.OpenAsync(Site.Address);
        var sentence = "De maan schijnt door de bomen, makkers staakt uw wild geraas. ";
        string[] letters =
        [
            "Dag Emma,\n\nKort maar krachtig.\n\nSinterklaas",
            .. Enumerable.Range(1, 9).Select(i => Letter(paragraphs: 9, string.Concat(Enumerable.Repeat(sentence, i)))),
            Letter(paragraphs: 40, sentence),
            Letter(paragraphs: 9, new string('W', 450)),
            Letter(paragraphs: 9, string.Concat(Enumerable.Repeat("🦄", 230))),
        ];
        foreach (var letter in letters)
        {
            await WriteAsync(letter);
            await page.GotoAsync(link.ToString());
            await AssertPrintsWholeAsync(page);
        }

        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task The_most_that_a_form_takes_is_printed_whole_in_every_language()
    {
        var page = await Browser.OpenAsync(Site.Address);
        foreach (var language in new[] { "nl", "fr", "de", "en" })
        {
            foreach (
                var name in new[] { new string('W', 60), string.Concat(Enumerable.Repeat("王", 60)), "Zoë Łucja Ñandú" }
            )
            {
                var link = await SharedLetterAsync(
                    new
                    {
                        childName = name,
                        age = 12,
                        children = Enumerable
                            .Range(1, 5)
                            .Select(i => new { childName = (char)('A' + i) + name[1..], age = i }),
                        goodDeeds = Filled(600, 'w'),
                        toImprove = Filled(600, 'm'),
                        wishes = Filled(600, '漢'),
                        parentNote = "stil",
                        language,
                    }
                );
                await page.GotoAsync(link.ToString());
                await AssertPrintsWholeAsync(page);
            }
        }

        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task Handwriting_is_light_and_loaded_with_a_letter_only()
    {
        var fonts = Directory.GetFiles(
            Path.Combine(PayPerUse.Testing.Machine.RepositoryRoot, "samples", "Sinterklaas.Web", "wwwroot", "fonts"),
            "kalam-*.woff2"
        );
        Assert.InRange(fonts.Sum(f => new FileInfo(f).Length), 1, 30 * 1024);

        var link = await SharedLetterAsync();
        var page = await Browser.OpenAsync(Site.Address);
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(new Uri(request.Url).AbsolutePath);
        await page.GotoAsync("/");
        Assert.DoesNotContain(asked, path => path.Contains("kalam", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, path => path.Contains("letter", StringComparison.Ordinal));

        await page.GotoAsync(link.ToString());

        Assert.True(
            await page.EvaluateAsync<bool>(
                "() => document.fonts.ready.then(() => document.fonts.check('300 16px Kalam'))"
            )
        );
        Assert.Contains("/fonts/kalam-latin.woff2", asked);
        Assert.Empty(Browser.Complaints);
    }

    private static async Task AssertPrintsWholeAsync(IPage page)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await page.EvaluateAsync("() => document.fonts.ready");
        var (fits, needs) = (
            await page.EvaluateAsync<double>("() => document.querySelector('#letter').clientHeight"),
            await page.EvaluateAsync<double>("() => document.querySelector('#letter').scrollHeight")
        );
        var end = await page.EvaluateAsync<double>(
            "() => document.querySelector('#letter > p:last-of-type').getBoundingClientRect().bottom"
        );
        var seal = await page.EvaluateAsync<double>(
            "() => document.querySelector('.paper-seal').getBoundingClientRect().top"
        );

        var pdf = await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true, PrintBackground = true });

        Assert.Equal(1, Pdf.PagesIn(pdf));
        Assert.True(needs <= fits + 1, $"The letter is cut off: {needs} > {fits}.");
        Assert.True(end <= seal + 1, $"The letter runs under the seal: {end} > {seal}.");
        Assert.True(await page.Locator("header").First.IsHiddenAsync());
    }

    // Eight things, as long as a letter quotes them.
    private static string Filled(int length, char with) =>
        string.Join(',', Enumerable.Range(0, 8).Select(i => i + new string(with, (length / 8) - 2)));

    private static string Letter(int paragraphs, string paragraph) =>
        string.Join(
            "\n\n",
            ["Lieve Emma,", .. Enumerable.Repeat(paragraph.Trim(), paragraphs), "Veel liefs van\nSinterklaas"]
        );

    private async Task<Uri> SharedLetterAsync(object? child = null)
    {
        using var visitor = await Visitor.SignedInAsync(Site.Address, Ct);
        await visitor.PayAsync(Ct);
        using var made = await visitor.PostAsync("/letters", child ?? Visitor.Child(), Ct);
        using var shared = await visitor.PostAsync(made.Headers.Location!.OriginalString + "/share", new { }, Ct);
        return new Uri((await Visitor.BodyOfAsync(shared, Ct)).GetProperty("url").GetString()!);
    }

    // As long as a model's letter may be, which the local writer's never is.
    private async Task WriteAsync(string letter)
    {
        await using var db = new SqliteConnection(Site.ConnectionString);
        await db.OpenAsync(Ct);
        await using var write = db.CreateCommand();
        write.CommandText = "UPDATE gifts SET Text = $text WHERE CreatedAt = (SELECT max(CreatedAt) FROM gifts)";
        write.Parameters.AddWithValue("$text", letter);
        Assert.Equal(1, await write.ExecuteNonQueryAsync(Ct));
    }
}
