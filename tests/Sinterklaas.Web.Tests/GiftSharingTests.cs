using System.Net;
using Microsoft.Data.Sqlite;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>A letter for several children, shared by a link that can be taken back, and what only parents may read.</summary>
public sealed class GiftSharingTests(SharedSite site) : IClassFixture<SharedSite>
{
    private const string Secret = "Kwibus de hamster is dood";

    private static readonly object Family = new
    {
        childName = "Emma",
        age = 6,
        children = new[] { new { childName = "Lou", age = 3 }, new { childName = "Noor", age = 11 } },
        goodDeeds = "samen gespeeld",
        toImprove = "op tijd slapen",
        wishes = "een trein",
        parentNote = Secret,
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_is_for_up_to_six_children_and_names_each()
    {
        using var visitor = await PayingVisitorAsync();

        using var made = await visitor.PostAsync("/letters", Family, Ct);

        var text = (await Visitor.BodyOfAsync(made, Ct)).GetProperty("text").GetString()!;
        Assert.All(
            ["Emma", "Lou", "Noor", "op tijd slapen"],
            word => Assert.Contains(word, text, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("hamster", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Emma, Lou, Noor", await visitor.GetPageAsync("/", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_of_another_child_is_told_by_its_place()
    {
        using var visitor = await PayingVisitorAsync();
        var child = new { childName = "Emma", age = 6 };
        using var wrong = await visitor.PostAsync(
            "/letters",
            new
            {
                child.childName,
                child.age,
                children = new[] { new { childName = "", age = 13 } },
                goodDeeds = "a",
                wishes = "b",
                parentNote = new string('x', 601),
            },
            Ct
        );
        using var many = await visitor.PostAsync(
            "/letters",
            new
            {
                child.childName,
                child.age,
                children = Enumerable.Repeat(child, 6),
                goodDeeds = "a",
                wishes = "b",
            },
            Ct
        );

        Assert.Equal(["children[0].age", "children[0].childName", "parentNote"], await ErrorsOfAsync(wrong));
        Assert.Equal(["children"], await ErrorsOfAsync(many));
    }

    [Fact]
    public async Task Ever_so_many_children_are_refused_at_once()
    {
        using var visitor = await PayingVisitorAsync();
        var children = Enumerable.Repeat(new { childName = "", age = 0 }, 100_000);
        var watch = System.Diagnostics.Stopwatch.StartNew();

        using var answer = await visitor.PostAsync(
            "/letters",
            new
            {
                children,
                goodDeeds = "a",
                wishes = "b",
            },
            Ct
        );

        Assert.Contains("children", await ErrorsOfAsync(answer));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("/letters")]
    [InlineData("/audio")]
    public async Task A_name_that_no_letter_prints_is_on_no_page_either(string path)
    {
        using var owner = await PayingVisitorAsync();
        using var made = await owner.PostAsync(
            path,
            new
            {
                childName = "Kl00tzak \u202Eevil.xyz",
                age = 6,
                children = new[] { new { childName = "<i>noor</i>", age = 4 } },
                goodDeeds = "gezongen",
                wishes = "lego",
            },
            Ct
        );
        var link = await ShareAsync(owner, made.Headers.Location!.OriginalString);
        using var stranger = new Visitor(site.Address);

        var page = await stranger.GetPageAsync(link.AbsolutePath, Ct);

        Assert.DoesNotContain("kl00tzak", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(" voor Noor", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_has_fields_for_each_child_and_the_paywall_carries_them()
    {
        const string name = "children[0].childName";
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        List<KeyValuePair<string, string>> fields =
        [
            new("childName", "Émile"),
            new("age", "6"),
            new(name, "Lou"),
            new("children[0].age", "4"),
            new("children[3].childName", ""),
            new("children[3].age", ""),
            new("goodDeeds", "gezongen"),
            new("wishes", "lego"),
            new("idempotencyKey", "form-2"),
        ];

        using var refused = await visitor.PostFieldsAsync("/letters", fields, Ct);
        var paywall = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(Ct));
        Assert.Contains("name=\"childName\" value=\"Émile\"", paywall, StringComparison.Ordinal);
        Assert.Contains($"name=\"{name}\" value=\"Lou\"", paywall, StringComparison.Ordinal);
        Assert.Contains("name=\"idempotencyKey\" value=\"form-2\"", paywall, StringComparison.Ordinal);

        await visitor.PayAsync(Ct);
        using var made = await visitor.PostFieldsAsync("/letters", fields, Ct);
        var letter = WebUtility.HtmlDecode(await visitor.GetPageAsync(made.Headers.Location!.OriginalString, Ct));
        Assert.Contains("Émile en Lou", letter, StringComparison.Ordinal);
        // The next one begins with the same children.
        Assert.Contains(
            "name=\"children[0].childName\" autocomplete=\"off\" maxlength=\"60\" placeholder=\" \" value=\"Lou\"",
            letter,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/letters")]
    [InlineData("/audio")]
    public async Task A_link_opens_it_for_everybody_until_it_is_taken_back_and_never_the_parents_note(string path)
    {
        using var owner = await PayingVisitorAsync();
        using var made = await owner.PostAsync(path, Family, Ct);
        var url = made.Headers.Location!.OriginalString;
        using var stranger = new Visitor(site.Address);

        var first = await ShareAsync(owner, url);
        Assert.Matches("/shared/[0-9a-f]{32}$", first.AbsolutePath);
        await AssertOpensAsync(stranger, first, path);
        var second = await ShareAsync(owner, url);
        await AssertClosedAsync(stranger, first);
        await AssertOpensAsync(stranger, second, path);

        using var revoked = await owner.PostAsync(url + "/unshare", new { }, Ct);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await AssertClosedAsync(stranger, second);
        Assert.Equal(4, await owner.BalanceAsync(Ct));
    }

    [Fact]
    public async Task Only_the_owner_shares_and_without_scripts_a_form_does()
    {
        using var owner = await PayingVisitorAsync();
        using var made = await owner.PostAsync("/letters", Family, Ct);
        var url = made.Headers.Location!.OriginalString;
        using var other = await Visitor.SignedInAsync(site.Address, Ct);

        using var refused = await other.PostAsync(url + "/share", new { }, Ct);
        using var shared = await owner.PostFormAsync(url + "/share", new(), Ct);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        var page = await shared.Content.ReadAsStringAsync(Ct);
        Assert.Matches("value=\"http://127.0.0.1:\\d+/shared/[0-9a-f]{32}\"", page);
        Assert.Contains("id=\"unshare\"", page, StringComparison.Ordinal);
        using var unshared = await owner.PostFormAsync(url + "/unshare", new(), Ct);
        Assert.DoesNotContain("id=\"unshare\"", await unshared.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_leads_to_the_configured_address_whatever_host_the_request_names()
    {
        using var host = new SiteHost(("PayPerUse:PublicUrl", "https://sint.example")).Started();
        using var owner = await Visitor.SignedInAsync(host.Address, Ct);
        await owner.PayAsync(Ct);
        using var made = await owner.PostAsync("/letters", Family, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, made.Headers.Location!.OriginalString + "/share")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { }),
            Headers = { Host = "elders.example" },
        };

        using var shared = await owner.SendAsync(request, Ct);

        Assert.Matches(
            "^https://sint.example/shared/[0-9a-f]{32}$",
            (await Visitor.BodyOfAsync(shared, Ct)).GetProperty("url").GetString()
        );
    }

    [Fact]
    public async Task The_token_itself_is_not_kept()
    {
        using var host = new SiteHost().Started();
        using var owner = await Visitor.SignedInAsync(host.Address, Ct);
        await owner.PayAsync(Ct);
        using var made = await owner.PostAsync("/letters", Family, Ct);

        var link = await ShareAsync(owner, made.Headers.Location!.OriginalString);

        await using var db = new SqliteConnection(host.ConnectionString);
        await db.OpenAsync(Ct);
        await using var query = db.CreateCommand();
        query.CommandText = "SELECT ShareHash FROM gifts";
        var kept = (string)(await query.ExecuteScalarAsync(Ct))!;
        Assert.Equal(64, kept.Length);
        Assert.DoesNotContain(link.Segments[^1], kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parents_note_is_on_the_owners_page_behind_a_disclosure_and_nowhere_in_the_letter()
    {
        using var owner = await PayingVisitorAsync();
        using var made = await owner.PostAsync("/letters", Family, Ct);
        Assert.DoesNotContain("hamster", await made.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        var page = await owner.GetPageAsync(made.Headers.Location!.OriginalString, Ct);

        var letter = page[page.IndexOf("id=\"letter\"", StringComparison.Ordinal)..];
        letter = letter[..letter.IndexOf("</article>", StringComparison.Ordinal)];
        Assert.DoesNotContain("hamster", letter, StringComparison.Ordinal);
        var disclosure = page[page.IndexOf("<details id=\"parents-only\"", StringComparison.Ordinal)..];
        Assert.StartsWith("<details id=\"parents-only\" class=\"parents-only\">", disclosure, StringComparison.Ordinal);
        Assert.Contains(Secret, disclosure, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("hamster").Length);
    }

    [Fact]
    public async Task A_recording_can_be_downloaded()
    {
        using var owner = await PayingVisitorAsync();
        using var made = await owner.PostAsync("/audio", Family, Ct);
        var url = (await Visitor.BodyOfAsync(made, Ct)).GetProperty("audioUrl").GetString()!;

        using var played = await owner.GetAsync(url, Ct);
        using var saved = await owner.GetAsync(url + "?download", Ct);

        Assert.Null(played.Content.Headers.ContentDisposition);
        Assert.Equal("attachment", saved.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("sinterklaas.wav", saved.Content.Headers.ContentDisposition?.FileName);
    }

    private static async Task<Uri> ShareAsync(Visitor owner, string url)
    {
        using var shared = await owner.PostAsync(url + "/share", new { }, Ct);
        Assert.Equal(HttpStatusCode.OK, shared.StatusCode);
        return new Uri((await Visitor.BodyOfAsync(shared, Ct)).GetProperty("url").GetString()!);
    }

    private static async Task AssertOpensAsync(Visitor stranger, Uri link, string path)
    {
        var page = await stranger.GetPageAsync(link.AbsolutePath, Ct);
        Assert.Contains(path == "/letters" ? "id=\"letter\"" : "id=\"player\"", page, StringComparison.Ordinal);
        Assert.Contains("Emma", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hamster", page, StringComparison.Ordinal);
        Assert.DoesNotContain("parents-only", page, StringComparison.Ordinal);
        using var json = await stranger.GetAsync(link.AbsolutePath, Ct);
        Assert.DoesNotContain("hamster", await json.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var sound = await stranger.GetAsync(link.AbsolutePath + "/sound", Ct);
        Assert.Equal(path == "/letters" ? HttpStatusCode.NotFound : HttpStatusCode.OK, sound.StatusCode);
        foreach (var answer in new[] { json, sound })
        {
            Assert.Contains(
                "noindex",
                Assert.Single(answer.Headers.GetValues("X-Robots-Tag")),
                StringComparison.Ordinal
            );
            Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }
    }

    private static async Task AssertClosedAsync(Visitor stranger, Uri link)
    {
        foreach (var path in new[] { link.AbsolutePath, link.AbsolutePath + "/sound" })
        {
            using var answer = await stranger.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    private static async Task<string[]> ErrorsOfAsync(HttpResponseMessage answer)
    {
        await Visitor.ProblemOfAsync(answer, HttpStatusCode.BadRequest, Ct);
        var errors = (await Visitor.BodyOfAsync(answer, Ct)).GetProperty("errors").EnumerateObject();
        return [.. errors.Select(e => e.Name).Order(StringComparer.Ordinal)];
    }

    private async Task<Visitor> PayingVisitorAsync()
    {
        var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);
        return visitor;
    }
}
