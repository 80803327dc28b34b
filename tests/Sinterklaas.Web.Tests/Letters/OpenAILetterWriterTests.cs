using Microsoft.AspNetCore.Http;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Gifts;
using Sinterklaas.Web.Letters;

namespace Sinterklaas.Web.Tests.Letters;

public sealed class OpenAILetterWriterTests
{
    private static readonly GiftInput Lotte = new()
    {
        ChildName = "Lotte",
        Age = 6,
        GoodDeeds = "kamer opgeruimd",
        Wishes = "lego, ignore_me<script>x</script>",
    };
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_models_letter_is_returned_and_the_child_travels_as_data()
    {
        var letter = await GoodLetterAsync();
        await using var openAI = await FakeOpenAI.ChatAsync(letter);

        Assert.Equal(letter, await WriteAsync(openAI, Lotte));

        var (path, authorization, body) = Assert.Single(openAI.Requests);
        Assert.Equal("/v1/chat/completions", path);
        Assert.Equal("Bearer sk-test", authorization);
        Assert.Equal("a-model", (string?)body["model"]);
        var (system, user) = (body["messages"]![0]!, body["messages"]![1]!);
        Assert.Equal("system", (string?)system["role"]);
        Assert.Contains("Dutch only", system["content"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Lotte", system["content"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("user", (string?)user["role"]);
        var data = user["content"] is System.Text.Json.Nodes.JsonArray parts
            ? (string)parts[0]!["text"]!
            : (string)user["content"]!;
        Assert.StartsWith(
            "<data>\n{\"children\":[{\"name\":\"Lotte\",\"age\":6}],\"goodDeeds\":[\"kamer opgeruimd\"],\"toImprove\":[],\"wishes\":[\"lego\",",
            data,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("script", data, StringComparison.Ordinal);
        Assert.EndsWith("\n</data>", data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_is_asked_for_as_something_spoken()
    {
        var script = await LocalAsync(Lotte, GiftKind.Audio);
        await using var openAI = await FakeOpenAI.ChatAsync(script);

        Assert.Equal(script, await WriteAsync(openAI, Lotte, GiftKind.Audio));
        Assert.Contains("says aloud", openAI.Requests[0].Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Lieve Lotte, dag! Sinterklaas")]
    [InlineData("GOOD fuck")]
    [InlineData("GOOD https://example.com")]
    [InlineData("GOOD <b>x</b>")]
    [InlineData("**GOOD**")]
    [InlineData("# Brief\nGOOD")]
    [InlineData("GOOD GOOD GOOD GOOD GOOD GOOD GOOD GOOD GOOD GOOD")]
    [InlineData("OTHER CHILD")]
    [InlineData("FRENCH")]
    public async Task A_text_that_is_no_letter_for_this_child_is_refused(string answer)
    {
        var good = await GoodLetterAsync();
        var text = answer switch
        {
            "OTHER CHILD" => good.Replace("Lotte", "Bram", StringComparison.Ordinal),
            "FRENCH" => await LocalAsync(Lotte with { Language = "fr" }),
            _ => answer.Replace("GOOD", good, StringComparison.Ordinal),
        };
        await using var openAI = await FakeOpenAI.ChatAsync(text);

        await Assert.ThrowsAsync<MakerUnavailableException>(() => WriteAsync(openAI, Lotte));
    }

    [Theory]
    [InlineData("length")]
    [InlineData("content_filter")]
    [InlineData(null)]
    public async Task A_letter_that_breaks_off_is_refused_however_much_of_it_came(string? finish)
    {
        var letter = await GoodLetterAsync();
        await using var openAI = await FakeOpenAI.StartAsync(context =>
            FakeOpenAI.StreamAsync(context, letter, finish: finish)
        );

        await Assert.ThrowsAsync<MakerUnavailableException>(() => WriteAsync(openAI, Lotte));
    }

    [Theory]
    [InlineData("nl", "Sinterklaas")]
    [InlineData("fr", "Saint Nicolas")]
    [InlineData("de", "Nikolaus")]
    [InlineData("en", "Saint Nicholas")]
    public async Task The_letter_is_signed_with_the_name_that_its_language_knows(string language, string saint)
    {
        var input = Lotte with { Language = language };
        var letter = await LocalAsync(input);
        await using var openAI = await FakeOpenAI.ChatAsync(letter);
        await using var stranger = await FakeOpenAI.ChatAsync(
            letter.Replace(saint, "Piet", StringComparison.OrdinalIgnoreCase)
        );

        Assert.Equal(letter, await WriteAsync(openAI, input));
        await Assert.ThrowsAsync<MakerUnavailableException>(() => WriteAsync(stranger, input));
        Assert.Contains($"as {saint}.", openAI.Requests[0].Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "{\"error\":{\"message\":\"Incorrect API key\"}}")]
    [InlineData(500, "{}")]
    [InlineData(200, "<html>not OpenAI</html>")]
    [InlineData(200, "data: {\"choices\":[]}\n\n")]
    public async Task An_error_or_garbage_is_no_letter(int status, string body)
    {
        await using var openAI = await FakeOpenAI.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/event-stream";
            return context.Response.WriteAsync(body);
        });

        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(openAI, Lotte));
    }

    [Fact]
    public async Task Sentences_are_shown_as_they_come_and_never_a_bad_one()
    {
        var good = await GoodLetterAsync();
        await using var openAI = await FakeOpenAI.ChatAsync(good + " Bezoek https://slecht.example nu. Dag!");
        var shown = new List<string>();

        await Assert.ThrowsAsync<MakerUnavailableException>(() =>
            openAI.Writer.WriteAsync(
                Lotte,
                GiftKind.Letter,
                piece =>
                {
                    shown.Add(piece);
                    return Task.CompletedTask;
                },
                Ct
            )
        );

        Assert.True(shown.Count > 5, "The letter came in one piece.");
        Assert.StartsWith(string.Concat(shown).TrimEnd(), good, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("De hamster is weg.")]
    [InlineData("Ik weet van de HÁMSTER.")]
    [InlineData("Kwibus was lief.")]
    [InlineData("Opa kijkt mee.")]
    public async Task A_letter_that_tells_what_the_parents_said_is_refused(string leak)
    {
        var told = Lotte with { ParentNote = "Onze hamster Kwibus is dood en opa ook, lego ligt gevoelig" };
        var good = await LocalAsync(told);
        await using var openAI = await FakeOpenAI.ChatAsync(
            good.Replace("\n\n", $" {leak}\n\n", StringComparison.Ordinal)
        );
        await using var discreet = await FakeOpenAI.ChatAsync(good);

        await Assert.ThrowsAsync<MakerUnavailableException>(() => WriteAsync(openAI, told));
        Assert.Equal(good, await WriteAsync(discreet, told));
        var asked = openAI.Requests[0].Body["messages"]![1]!.ToJsonString();
        Assert.Contains("parentNote", asked, StringComparison.Ordinal);
        Assert.Matches("neverSay[^]]*hamster[^]]*kwibus", asked);
    }

    [Fact]
    public async Task A_visitor_who_leaves_cancels_the_request()
    {
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var openAI = await FakeOpenAI.StartAsync(async context =>
        {
            await leaves.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            openAI.Writer.WriteAsync(Lotte, GiftKind.Letter, _ => Task.CompletedTask, leaves.Token)
        );
    }

    private static Task<string> GoodLetterAsync() => LocalAsync(Lotte);

    private static Task<string> LocalAsync(GiftInput input, GiftKind kind = GiftKind.Letter) =>
        new LocalLetterWriter(new Random(1)).WriteAsync(input, kind, _ => Task.CompletedTask, Ct);

    private static Task<string> WriteAsync(FakeOpenAI openAI, GiftInput input, GiftKind kind = GiftKind.Letter) =>
        openAI.Writer.WriteAsync(input, kind, _ => Task.CompletedTask, Ct);
}
