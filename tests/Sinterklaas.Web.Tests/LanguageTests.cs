using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PayPerUse.Testing;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>The site speaks Dutch, French, German and English, all of it.</summary>
public sealed partial class LanguageTests(SharedSite site) : IClassFixture<SharedSite>
{
    private static readonly string Sample = Path.Combine(Machine.RepositoryRoot, "samples", "Sinterklaas.Web");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fr")]
    [InlineData("de")]
    [InlineData("en")]
    public void Every_text_that_a_page_or_class_asks_for_is_translated_and_nothing_else_is(string language)
    {
        var asked = Sources()
            .SelectMany(file => Asked().Matches(File.ReadAllText(file)))
            .Select(match => Regex.Unescape(match.Groups["text"].Value))
            .ToHashSet();
        var translated = Translated(language);

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(translated.Keys));
        Assert.Empty(translated.Keys.Except(asked));
        Assert.DoesNotContain(translated, t => string.IsNullOrWhiteSpace(t.Value));
        Assert.All(translated, t => Assert.Equal(PlacesIn(t.Key), PlacesIn(t.Value)));
    }

    [Fact]
    public void Every_text_is_asked_for_by_its_words()
    {
        // A text under a variable would escape the test above.
        var hidden = Sources().SelectMany(f => AskedByVariable().Matches(File.ReadAllText(f)), (f, m) => $"{f}: {m}");
        Assert.Empty(hidden);
    }

    [Theory]
    [InlineData(null, "nl", "Aanmelden")]
    [InlineData("sv-SE", "nl", "Aanmelden")]
    [InlineData("fr-BE,fr;q=0.9,nl;q=0.5", "fr", "Se connecter")]
    [InlineData("de", "de", "Anmelden")]
    [InlineData("en-GB", "en", "Sign in")]
    public async Task The_page_follows_the_browser(string? accepts, string language, string words)
    {
        using var visitor = new Visitor(site.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/signin");
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.AcceptLanguage.TryParseAdd(accepts);

        using var answer = await visitor.SendAsync(request, Ct);

        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Contains($"<html lang=\"{language}\">", page, StringComparison.Ordinal);
        Assert.Contains($"<h1>{words}</h1>", page, StringComparison.Ordinal);
        Assert.Equal([language], answer.Content.Headers.ContentLanguage);
    }

    [Fact]
    public async Task A_language_that_was_chosen_stays_chosen_and_keeps_the_page()
    {
        using var visitor = new Visitor(site.Address);

        using var chosen = await visitor.PostFormAsync("/language", Choose("fr", "/signin?returnUrl=%2Ftegoed"), Ct);

        Assert.Equal(HttpStatusCode.Redirect, chosen.StatusCode);
        Assert.Equal("/signin?returnUrl=%2Ftegoed", chosen.Headers.Location?.OriginalString);
        var page = await visitor.GetPageAsync("/signin", Ct);
        Assert.Contains("<html lang=\"fr\">", page, StringComparison.Ordinal);
        Assert.Contains(
            "/tegoed",
            await visitor.GetPageAsync("/signin?returnUrl=%2Ftegoed", Ct),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("")]
    public async Task The_switch_leads_nowhere_else(string returnUrl)
    {
        using var visitor = new Visitor(site.Address);
        using var chosen = await visitor.PostFormAsync("/language", Choose("de", returnUrl), Ct);
        Assert.Equal("/", chosen.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_language_that_nobody_here_speaks_is_refused()
    {
        using var visitor = new Visitor(site.Address);
        using var refused = await visitor.PostFormAsync("/language", Choose("tlh", "/"), Ct);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Mails_and_errors_are_in_the_language_of_who_asked()
    {
        using var visitor = new Visitor(site.Address);
        using var chosen = await visitor.PostFormAsync("/language", Choose("en", "/"), Ct);

        using var refused = await visitor.PostAsync("/signin", new { email = "nobody" }, Ct);
        Assert.Contains(
            "Fill in an e-mail address",
            await refused.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );

        await visitor.SignInAsync(Ct);
        var mails = await visitor.GetJsonAsync($"/dev/mail?to={Uri.EscapeDataString(visitor.Email)}", Ct);
        Assert.Contains("Your code is", mails[0].GetProperty("subject").GetString(), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Choose(string language, string returnUrl) =>
        new() { ["language"] = language, ["returnUrl"] = returnUrl };

    private static IEnumerable<string> Sources() =>
        Directory
            .EnumerateFiles(Sample, "*.cs*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal))
            .Where(f =>
                !Path.GetRelativePath(Sample, f).Split(Path.DirectorySeparatorChar).Any(p => p is "obj" or "bin")
            );

    private static Dictionary<string, string> Translated(string language) =>
        XDocument
            .Load(Path.Combine(Sample, "Texts", $"Texts.{language}.resx"))
            .Root!.Elements("data")
            .ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static string PlacesIn(string text) =>
        string.Join(' ', Places().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal));

    [GeneratedRegex("""\bT(\(\w+\))?\[\s*"(?<text>([^"\\]|\\.)*)"\s*[,\]]""")]
    private static partial Regex Asked();

    [GeneratedRegex("""\bT(\(\w+\))?\[\s*[^"\s]""")]
    private static partial Regex AskedByVariable();

    [GeneratedRegex(@"\{\d+(:[^}]+)?\}")]
    private static partial Regex Places();
}
