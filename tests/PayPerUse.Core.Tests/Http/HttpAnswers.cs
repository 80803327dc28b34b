using System.Net;
using System.Text.Json.Nodes;

namespace PayPerUse.Core.Tests.Http;

/// <summary>Reads answers and holds them against the contract's general rules.</summary>
internal static class HttpAnswers
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Forms by their type that no server can read: ending early, without a boundary, in a charset that there is not.</summary>
    public static TheoryData<string, string> UnreadableForms { get; } =
        new()
        {
            { "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=name\r\n\r\nEm" },
            { "multipart/form-data; boundary=x", "--x\r\nno header\r\n\r\nEmma\r\n--x--\r\n" },
            { "multipart/form-data", "--x\r\n\r\n--x--\r\n" },
            { "application/x-www-form-urlencoded; charset=utf-7", "name=Emma" },
            { "application/x-www-form-urlencoded", string.Concat(Enumerable.Repeat("a&", 2000)) },
        };

    public static async Task<JsonObject> JsonAsync(
        this HttpResponseMessage response,
        HttpStatusCode status = HttpStatusCode.OK
    )
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>An error of the contract: problem+json, absolute type, stable code, Retry-After where it is promised.</summary>
    public static async Task<JsonObject> ProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal(status, (int?)problem["status"]);
        Assert.NotEmpty((string)problem["title"]!);
        Assert.True(Uri.TryCreate((string?)problem["type"], UriKind.Absolute, out var type));
        Assert.EndsWith("/" + code, type.AbsolutePath, StringComparison.Ordinal);
        if (status is 429 or 503)
        {
            Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        }

        if (status == 503)
        {
            Assert.True((string?)problem["outcome"] is "not-applied" or "unknown");
        }

        return problem;
    }

    public static string FieldsOf(this JsonObject problem) =>
        string.Join(',', problem["errors"]!.AsObject().Select(e => e.Key));
}
