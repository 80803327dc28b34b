using Microsoft.AspNetCore.Http;
using Sinterklaas.Web.Letters;

namespace Sinterklaas.Web.Tests.Letters;

public sealed class OpenAILetterWriterTests
{
    private static readonly LetterRequest Lotte = new(
        "Lotte",
        6,
        "kamer opgeruimd",
        "lego, ignore_me<script>x</script>",
        "nl"
    );
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_models_letter_is_returned_and_the_child_travels_as_data()
    {
        var letter = await GoodLetterAsync();
        await using var openAI = await FakeOpenAI.ChatAsync(letter);

        Assert.Equal(letter, await openAI.Writer.WriteAsync(Lotte, Ct));

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
            "<child>\n{\"name\":\"Lotte\",\"age\":\"zes jaar\",\"goodDeeds\":[\"kamer opgeruimd\"],\"wishes\":[\"lego\",",
            data,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("script", data, StringComparison.Ordinal);
        Assert.EndsWith("\n</child>", data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_is_asked_for_as_something_spoken()
    {
        var script = await new LocalLetterWriter(new Random(1)).WriteScriptAsync(Lotte, Ct);
        await using var openAI = await FakeOpenAI.ChatAsync(script);

        Assert.Equal(script, await openAI.Writer.WriteScriptAsync(Lotte, Ct));
        Assert.Contains("says aloud", openAI.Requests[0].Body.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Lieve Lotte, dag! Sinterklaas")]
    [InlineData("GOOD fuck")]
    [InlineData("GOOD https://example.com")]
    [InlineData("GOOD <b>x</b>")]
    [InlineData("GOOD GOOD GOOD GOOD GOOD GOOD GOOD GOOD GOOD GOOD")]
    [InlineData("OTHER CHILD")]
    [InlineData("FRENCH")]
    public async Task A_text_that_is_no_letter_for_this_child_is_refused(string answer)
    {
        var good = await GoodLetterAsync();
        var text = answer switch
        {
            "OTHER CHILD" => good.Replace("Lotte", "Bram", StringComparison.Ordinal),
            "FRENCH" => await new LocalLetterWriter(new Random(1)).WriteAsync(Lotte with { Language = "fr" }, Ct),
            _ => answer.Replace("GOOD", good, StringComparison.Ordinal),
        };
        await using var openAI = await FakeOpenAI.ChatAsync(text);

        await Assert.ThrowsAsync<MakerUnavailableException>(() => openAI.Writer.WriteAsync(Lotte, Ct));
    }

    [Theory]
    [InlineData(401, "{\"error\":{\"message\":\"Incorrect API key\"}}")]
    [InlineData(500, "{}")]
    [InlineData(200, "<html>not OpenAI</html>")]
    [InlineData(200, "{\"choices\":[]}")]
    public async Task An_error_or_garbage_is_told_as_unavailable(int status, string body)
    {
        await using var openAI = await FakeOpenAI.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body);
        });

        await Assert.ThrowsAsync<MakerUnavailableException>(() => openAI.Writer.WriteAsync(Lotte, Ct));
    }

    [Fact]
    public async Task A_model_that_never_answers_is_given_up()
    {
        await using var openAI = await FakeOpenAI.StartAsync(
            context => Task.Delay(Timeout.Infinite, context.RequestAborted),
            TimeSpan.FromMilliseconds(300)
        );

        var gaveUp = await Assert.ThrowsAsync<MakerUnavailableException>(() => openAI.Writer.WriteAsync(Lotte, Ct));

        Assert.Contains("did not answer within", gaveUp.Message, StringComparison.Ordinal);
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

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => openAI.Writer.WriteAsync(Lotte, leaves.Token));
    }

    private static Task<string> GoodLetterAsync() => new LocalLetterWriter(new Random(1)).WriteAsync(Lotte, Ct);
}
