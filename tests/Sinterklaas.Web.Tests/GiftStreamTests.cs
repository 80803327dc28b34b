using System.Text.Json;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Gifts;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Tests.Hosting;
using Sinterklaas.Web.Tests.Letters;

namespace Sinterklaas.Web.Tests;

/// <summary>The letter appears while a model writes it, and a recording tells how far it is.</summary>
public sealed class GiftStreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_letter_comes_in_pieces_then_its_address_and_the_same_key_gives_all_of_it_again()
    {
        var letter = await LetterAsync();
        await using var openAI = await FakeOpenAI.ChatAsync(letter);
        using var site = SiteOf(openAI);
        using var visitor = await PayingVisitorAsync(site);

        var lines = await StreamAsync(visitor, "/letters/stream");
        var again = await StreamAsync(visitor, "/letters/stream");

        Assert.Equal("write", lines[0].GetProperty("step").GetString());
        var pieces = TextsOf(lines);
        Assert.True(pieces.Length > 5, "The letter came in one piece.");
        Assert.Equal(letter, string.Concat(pieces));
        var url = lines[^1].GetProperty("url").GetString()!;
        Assert.Equal(letter, (await visitor.GetJsonAsync(url, Ct)).GetProperty("text").GetString());
        Assert.Equal(url, again[^1].GetProperty("url").GetString());
        Assert.Single(openAI.Requests);
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task A_stream_that_breaks_half_way_costs_nothing_and_the_same_key_may_try_again()
    {
        var letter = await LetterAsync();
        var (breaks, seen) = (true, new TaskCompletionSource());
        await using var openAI = await FakeOpenAI.StartAsync(context =>
            FakeOpenAI.StreamAsync(context, letter, isWhole: !breaks, half: () => seen.Task.WaitAsync(Ct))
        );
        using var site = SiteOf(openAI);
        using var visitor = await PayingVisitorAsync(site);

        var broken = new List<JsonElement>();
        using (var answer = await visitor.OpenAsync(RequestTo("/letters/stream"), Ct))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));
            while (await reader.ReadLineAsync(Ct) is { } line)
            {
                broken.Add(JsonSerializer.Deserialize<JsonElement>(line));
                if (TextsOf([.. broken]).Length > 0)
                {
                    seen.TrySetResult();
                }
            }
        }

        Assert.Contains("niets gekost", broken[^1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(5, await visitor.BalanceAsync(Ct));
        Assert.DoesNotContain("href=\"/letters/", await ListAsync(visitor), StringComparison.Ordinal);

        breaks = false;
        var whole = await StreamAsync(visitor, "/letters/stream");
        Assert.Equal(letter, string.Concat(TextsOf(whole)));
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task Who_leaves_half_way_finds_the_letter_made()
    {
        var letter = await LetterAsync();
        var left = new TaskCompletionSource();
        await using var openAI = await FakeOpenAI.StartAsync(context =>
            FakeOpenAI.StreamAsync(context, letter, half: () => left.Task.WaitAsync(Ct))
        );
        using var site = SiteOf(openAI);
        using var visitor = await PayingVisitorAsync(site);

        using (var answer = await visitor.OpenAsync(RequestTo("/letters/stream"), Ct))
        {
            await using var body = await answer.Content.ReadAsStreamAsync(Ct);
            await body.ReadExactlyAsync(new byte[40], Ct);
        }

        left.SetResult();
        while ((await visitor.GetJsonAsync("/credits/status", Ct)).GetProperty("reserved").GetInt64() > 0)
        {
            await Task.Delay(20, Ct);
        }

        var again = await StreamAsync(visitor, "/letters/stream");
        Assert.Equal(letter, string.Concat(TextsOf(again)));
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
        Assert.Single(openAI.Requests);
    }

    [Fact]
    public async Task A_recording_tells_its_steps()
    {
        using var site = new SiteHost().Started();
        using var visitor = await PayingVisitorAsync(site);

        var lines = await StreamAsync(visitor, "/audio/stream");

        Assert.Equal(["write", "speak", "keep"], StepsOf(lines));
        var made = lines[^1].GetProperty("made");
        using var sound = await visitor.GetAsync(made.GetProperty("audioUrl").GetString()!, Ct);
        Assert.Equal("audio/wav", sound.Content.Headers.ContentType?.MediaType);
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
    }

    private static SiteHost SiteOf(FakeOpenAI openAI) =>
        new SiteHost(
            ("OpenAI:ApiKey", "sk-test"),
            ("OpenAI:Endpoint", new Uri(openAI.Address, "/v1").ToString())
        ).Started();

    private static async Task<Visitor> PayingVisitorAsync(SiteHost site)
    {
        var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);
        return visitor;
    }

    private static async Task<JsonElement[]> StreamAsync(Visitor visitor, string path)
    {
        using var answer = await visitor.SendAsync(RequestTo(path), Ct);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    private static HttpRequestMessage RequestTo(string path) =>
        new(HttpMethod.Post, path)
        {
            Content = System.Net.Http.Json.JsonContent.Create(Visitor.Child()),
            Headers = { { "Idempotency-Key", "een" } },
        };

    private static string[] TextsOf(JsonElement[] lines) => [.. ValuesOf(lines, "text")];

    private static string[] StepsOf(JsonElement[] lines) => [.. ValuesOf(lines, "step")];

    private static IEnumerable<string> ValuesOf(JsonElement[] lines, string name) =>
        lines
            .Select(l =>
                l.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()!
                    : ""
            )
            .Where(value => value.Length > 0);

    private static Task<string> ListAsync(Visitor visitor) => visitor.GetPageAsync("/", Ct);

    private static Task<string> LetterAsync() =>
        new LocalLetterWriter(new Random(5)).WriteAsync(
            new GiftInput
            {
                ChildName = "Emma",
                Age = 6,
                GoodDeeds = "Leerde fietsen en troostte een vriendje",
                Wishes = "Een houten trein",
            },
            GiftKind.Letter,
            _ => Task.CompletedTask,
            Ct
        );
}
