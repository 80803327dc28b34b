using System.Net;
using System.Net.Http.Headers;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

public sealed class GiftTests(SharedSite site) : IClassFixture<SharedSite>
{
    private static readonly Dictionary<string, string> Form = new()
    {
        ["childName"] = "Émile",
        ["age"] = "6",
        ["goodDeeds"] = "Leerde fietsen",
        ["wishes"] = "Een houten trein",
        ["language"] = "nl",
    };

    /// <summary>A multipart form whose connection broke.</summary>
    private const string CutOff = "--x\r\nContent-Disposition: form-data; name=childName\r\n\r\nEm";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_costs_a_credit_and_opens_again_for_free()
    {
        using var visitor = await PayingVisitorAsync();

        using var made = await visitor.PostAsync("/letters", Visitor.Child(), Ct);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var letter = await Visitor.BodyOfAsync(made, Ct);
        var url = letter.GetProperty("url").GetString()!;
        Assert.Equal(url, made.Headers.Location?.OriginalString);
        Assert.Contains("Emma", letter.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(4, await visitor.BalanceAsync(Ct));

        var again = await visitor.GetJsonAsync(url, Ct);
        Assert.Equal(letter.GetProperty("text").GetString(), again.GetProperty("text").GetString());
        Assert.Contains("id=\"letter\"", await visitor.GetPageAsync(url, Ct), StringComparison.Ordinal);
        Assert.Contains(url, await visitor.GetPageAsync("/", Ct), StringComparison.Ordinal);
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task Audio_costs_a_credit_and_plays_from_anywhere_in_it()
    {
        using var visitor = await PayingVisitorAsync();

        using var made = await visitor.PostAsync("/audio", Visitor.Child(), Ct);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var audio = await Visitor.BodyOfAsync(made, Ct);
        Assert.Contains("Emma", audio.GetProperty("script").GetString(), StringComparison.Ordinal);
        Assert.Equal(4, await visitor.BalanceAsync(Ct));

        var url = audio.GetProperty("audioUrl").GetString()!;
        using var whole = await visitor.GetAsync(url, Ct);
        Assert.Equal("audio/wav", whole.Content.Headers.ContentType?.MediaType);
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Headers = { Range = new RangeHeaderValue(0, 3) },
        };
        using var part = await visitor.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("RIFF", await part.Content.ReadAsStringAsync(Ct));
        var page = await visitor.GetPageAsync(made.Headers.Location!.OriginalString, Ct);
        Assert.Contains("id=\"player\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_made_exists_for_its_owner_only()
    {
        using var owner = await PayingVisitorAsync();
        using var letter = await owner.PostAsync("/letters", Visitor.Child(), Ct);
        using var audio = await owner.PostAsync("/audio", Visitor.Child(), Ct);
        var sound = (await Visitor.BodyOfAsync(audio, Ct)).GetProperty("audioUrl").GetString()!;
        using var stranger = await Visitor.SignedInAsync(site.Address, Ct);
        using var nobody = new Visitor(site.Address);

        foreach (
            var path in new[] { letter.Headers.Location!.OriginalString, audio.Headers.Location!.OriginalString, sound }
        )
        {
            using var asStranger = await stranger.GetAsync(path, Ct);
            Assert.Equal("not-found", await Visitor.ProblemOfAsync(asStranger, HttpStatusCode.NotFound, Ct));
            using var asNobody = await nobody.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.Unauthorized, asNobody.StatusCode);
        }
    }

    [Fact]
    public async Task Without_credits_nothing_is_made_and_the_answer_says_what_to_buy()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);

        using var refused = await visitor.PostAsync("/letters", Visitor.Child(), Ct);

        Assert.Equal("insufficient-credits", await Visitor.ProblemOfAsync(refused, HttpStatusCode.PaymentRequired, Ct));
        var problem = await Visitor.BodyOfAsync(refused, Ct);
        Assert.Equal(0, problem.GetProperty("balance").GetInt64());
        Assert.Equal(1, problem.GetProperty("required").GetInt64());
        Assert.Equal("five", problem.GetProperty("packs")[0].GetProperty("id").GetString());
        Assert.Equal(100, problem.GetProperty("packs")[0].GetProperty("price").GetProperty("amount").GetInt64());
        Assert.Equal("/payments/create", problem.GetProperty("checkout").GetString());
    }

    [Fact]
    public async Task Bad_input_names_each_field_and_costs_nothing()
    {
        using var visitor = await PayingVisitorAsync();
        foreach (var path in new[] { "/letters", "/audio" })
        {
            using var answer = await visitor.PostAsync(
                path,
                new
                {
                    childName = " ",
                    age = 13,
                    goodDeeds = new string('x', 601),
                    wishes = "",
                    language = "xx",
                },
                Ct
            );

            await Visitor.ProblemOfAsync(answer, HttpStatusCode.BadRequest, Ct);
            var errors = (await Visitor.BodyOfAsync(answer, Ct))
                .GetProperty("errors")
                .EnumerateObject()
                .Select(e => e.Name);
            Assert.Equal(["age", "childName", "goodDeeds", "language", "wishes"], errors.Order());
        }

        Assert.Equal(5, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task An_end_of_line_counts_once_and_blanks_are_not_kept_by_the_million()
    {
        using var visitor = await PayingVisitorAsync();
        var lines = string.Concat(Enumerable.Repeat("ab\n", 200));

        using var whole = await visitor.PostFormAsync(
            "/letters",
            new(Form) { ["wishes"] = lines.Replace("\n", "\r\n", StringComparison.Ordinal) },
            Ct
        );
        using var blanks = await visitor.PostAsync(
            "/letters",
            new
            {
                childName = "Emma",
                age = 6,
                goodDeeds = "a" + new string(' ', 1_000_000),
                wishes = "b",
            },
            Ct
        );

        Assert.Equal(HttpStatusCode.Found, whole.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, blanks.StatusCode);
    }

    [Theory]
    [InlineData("{", "body")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("""{"childName":"Emma","age":"zes","goodDeeds":"a","wishes":"b"}""", "age")]
    [InlineData("""{"childName":"Emma","age":6.5,"goodDeeds":"a","wishes":"b"}""", "age")]
    public async Task Json_that_cannot_be_read_is_bad_input_even_for_whoever_cannot_pay(string json, string field)
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/letters")
        {
            Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
        };

        using var answer = await visitor.SendAsync(request, Ct);

        await Visitor.ProblemOfAsync(answer, HttpStatusCode.BadRequest, Ct);
        Assert.True((await Visitor.BodyOfAsync(answer, Ct)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Theory]
    [InlineData("/letters", "application/json; charset=runes", "{}", HttpStatusCode.BadRequest)]
    [InlineData("/audio", "application/json", "{\"childName\":\"\\ud83d\"}", HttpStatusCode.BadRequest)]
    [InlineData("/letters", "multipart/form-data; boundary=x", CutOff, HttpStatusCode.BadRequest)]
    [InlineData("/audio/stream", "multipart/form-data; boundary=x", CutOff, HttpStatusCode.BadRequest)]
    [InlineData("/audio", "multipart/form-data", CutOff, HttpStatusCode.BadRequest)]
    [InlineData("/language", "multipart/form-data; boundary=x", CutOff, HttpStatusCode.BadRequest)]
    [InlineData("/language", "text/plain", "language=fr", HttpStatusCode.BadRequest)]
    [InlineData("/betalen", "multipart/form-data; boundary=x", CutOff, HttpStatusCode.BadRequest)]
    [InlineData("/letters/x?handler=share", "multipart/form-data; boundary=x", CutOff, HttpStatusCode.BadRequest)]
    [InlineData("/nergens", "multipart/form-data; boundary=x", CutOff, HttpStatusCode.MethodNotAllowed)]
    public async Task A_body_that_cannot_be_read_is_never_the_site_s_fault(
        string path,
        string type,
        string body,
        HttpStatusCode status
    )
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        using var answer = await visitor.SendAsync(request, Ct);

        var code = status == HttpStatusCode.BadRequest ? "invalid-request" : "status-405";
        Assert.Equal(code, await Visitor.ProblemOfAsync(answer, status, Ct));
    }

    [Fact]
    public async Task A_field_called_code_is_not_the_status_of_the_error_page()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);

        using var wrong = await visitor.PostFormAsync("/letters", new(Form) { ["age"] = "99", ["code"] = "200" }, Ct);
        using var refused = await visitor.PostFormAsync("/letters", new(Form) { ["code"] = "0" }, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
    }

    [Fact]
    public async Task A_form_gets_pages_and_keeps_what_was_typed()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);

        using var wrong = await visitor.PostFormAsync("/letters", new(Form) { ["age"] = "99" }, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var again = await wrong.Content.ReadAsStringAsync(Ct);
        Assert.Contains("value=\"Émile\"", again, StringComparison.Ordinal);
        Assert.Contains("Vul een leeftijd in", again, StringComparison.Ordinal);

        using var refused = await visitor.PostFormAsync("/letters", new(Form) { ["idempotencyKey"] = "form-1" }, Ct);
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        var paywall = await refused.Content.ReadAsStringAsync(Ct);
        Assert.Contains("id=\"paywall\"", paywall, StringComparison.Ordinal);
        Assert.Contains("name=\"childName\" value=\"Émile\"", paywall, StringComparison.Ordinal);
        Assert.Contains("name=\"idempotencyKey\" value=\"form-1\"", paywall, StringComparison.Ordinal);
        Assert.Contains("id=\"paywall-qr\"", paywall, StringComparison.Ordinal);
        Assert.Contains("id=\"paywall-link\"", paywall, StringComparison.Ordinal);
        Assert.Contains("action=\"/letters\"", paywall, StringComparison.Ordinal);

        // Bought for later it is the same payment.
        using var pay = await visitor.PostFormAsync("/betalen", new(Form) { ["action"] = "/letters" }, Ct);
        var payPage = await pay.Content.ReadAsStringAsync(Ct);
        Assert.Contains("id=\"paywall-link\"", payPage, StringComparison.Ordinal);
        Assert.Contains("action=\"/letters\"", payPage, StringComparison.Ordinal);

        await visitor.PayAsync(Ct);
        using var made = await visitor.PostFormAsync("/letters", new(Form) { ["idempotencyKey"] = "form-1" }, Ct);
        Assert.Equal(HttpStatusCode.Found, made.StatusCode);
        var letter = await visitor.GetPageAsync(made.Headers.Location!.OriginalString, Ct);
        Assert.Contains("Émile", letter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_makes_one_letter_and_gives_it_again()
    {
        using var visitor = await PayingVisitorAsync();

        using var first = await visitor.PostAsync("/letters", Visitor.Child(), Ct, key: "een");
        using var second = await visitor.PostAsync("/letters", Visitor.Child(), Ct, key: "een");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(await first.Content.ReadAsStringAsync(Ct), await second.Content.ReadAsStringAsync(Ct));
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task Nobody_makes_anything_without_signing_in_or_from_another_site()
    {
        using var nobody = new Visitor(site.Address);
        using var anonymous = await nobody.PostAsync("/letters", Visitor.Child(), Ct);
        Assert.Equal("sign-in-required", await Visitor.ProblemOfAsync(anonymous, HttpStatusCode.Unauthorized, Ct));
        using var page = await nobody.PostFormAsync("/letters", Form, Ct);
        Assert.Equal(HttpStatusCode.Found, page.StatusCode);
        Assert.StartsWith("/signin", page.Headers.Location!.OriginalString, StringComparison.Ordinal);

        using var visitor = await PayingVisitorAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/letters")
        {
            Content = new FormUrlEncodedContent(Form),
            Headers = { { "Origin", "https://elders.example" } },
        };
        using var crossSite = await visitor.SendAsync(request, Ct);
        Assert.Equal("cross-site", await Visitor.ProblemOfAsync(crossSite, HttpStatusCode.Forbidden, Ct));
        Assert.Equal(5, await visitor.BalanceAsync(Ct));
    }

    private async Task<Visitor> PayingVisitorAsync()
    {
        var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);
        return visitor;
    }
}
