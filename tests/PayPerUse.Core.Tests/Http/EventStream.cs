using System.Text.Json.Nodes;

namespace PayPerUse.Core.Tests.Http;

/// <summary>Reads a stream of balance events as a browser would.</summary>
internal sealed class EventStream(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public HttpResponseMessage Response { get; } = response;

    public static async Task<EventStream> OpenAsync(HttpHouse house, HttpClient? client = null)
    {
        var response = await house.SendAsync(HttpMethod.Get, "/credits/events", client: client);
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
        return new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync(Token)));
    }

    /// <summary>The next event, over heartbeats; null at the end of the stream.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        string? name = null;
        while (await reader.ReadLineAsync(Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Assert.Equal("balance", name);
                return JsonNode.Parse(line["data: ".Length..])!.AsObject();
            }
        }

        return null;
    }

    public async Task<long> NextBalanceAsync() => (long)(await NextAsync())!["balance"]!;

    /// <summary>The next line, whatever it is.</summary>
    public async Task<string?> LineAsync() => await reader.ReadLineAsync(Token);

    public void Dispose()
    {
        reader.Dispose();
        Response.Dispose();
    }
}
