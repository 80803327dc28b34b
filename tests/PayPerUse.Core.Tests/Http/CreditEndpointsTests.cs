using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Http;

/// <summary>/credits/status, /credits/use and /credits/history, line by line.</summary>
public sealed class CreditEndpointsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_tells_balance_reserved_and_next_expiry()
    {
        await using var house = await HttpHouse.StartAsync();
        var empty = await (await house.Client.GetAsync("/credits/status", Token)).JsonAsync();
        Assert.Equal("""{"balance":0,"reserved":0,"nextExpiry":null}""", empty.ToJsonString());

        await house.GrantAsync(5);
        await house.GrantAsync(2, expiresAt: new DateTimeOffset(2222, 2, 2, 0, 0, 0, TimeSpan.Zero));
        await house.Ledger.ReserveAsync(HttpHouse.Anna, "r", 1, "letter", cancellationToken: Token);
        var status = await (await house.Client.GetAsync("/credits/status", Token)).JsonAsync();

        Assert.Equal("""{"balance":6,"reserved":1,"nextExpiry":"2222-02-02T00:00:00Z"}""", status.ToJsonString());
    }

    [Fact]
    public async Task A_use_takes_the_price_and_tells_the_balance()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(4);

        var used = await (await house.UseAsync()).JsonAsync();

        Assert.Equal(3, (long?)used["balance"]);
        Assert.NotEmpty((string)used["operationId"]!);
        Assert.Equal(["operationId", "balance"], used.Select(p => p.Key));
        Assert.Equal(3, await house.BalanceAsync());
    }

    [Fact]
    public async Task The_same_key_is_charged_once_and_answers_the_first_balance()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(4);
        await house.UseAsync(key: "k1");
        await house.UseAsync(key: "k2");

        var again = await (await house.UseAsync(key: "k1")).JsonAsync();

        Assert.Equal("""{"operationId":"k1","balance":3}""", again.ToJsonString());
        Assert.Equal(2, await house.BalanceAsync());
    }

    [Fact]
    public async Task The_id_that_was_made_for_a_request_can_be_sent_as_its_key()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(4);
        var id = (string?)(await (await house.UseAsync()).JsonAsync())["operationId"];

        await (await house.UseAsync(key: id)).JsonAsync();

        Assert.Equal(3, await house.BalanceAsync());
    }

    [Theory]
    [InlineData("""{"action":"book"}""")]
    [InlineData("""{"action":"speech","credits":2}""")]
    public async Task The_same_key_for_another_action_or_number_is_a_conflict(string body)
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(9);
        await house.SendAsync(HttpMethod.Post, "/credits/use", JsonNode.Parse("""{"action":"speech"}"""), "k");

        var answer = await house.SendAsync(HttpMethod.Post, "/credits/use", JsonNode.Parse(body), "k");

        await answer.ProblemAsync(409, "key-reused");
        Assert.Equal(8, await house.BalanceAsync());
    }

    [Fact]
    public async Task Keys_belong_to_their_account()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(4);
        await house.GrantAsync(4, "bram");
        using var bram = house.MakeClient("bram");
        await house.UseAsync(key: "k");

        await (await house.UseAsync("book", "k", bram)).JsonAsync();

        Assert.Equal(1, await house.BalanceAsync("bram"));
    }

    [Fact]
    public async Task Without_credits_the_answer_is_402_to_the_letter()
    {
        await using var house = await HttpHouse.StartAsync();

        var answer = await house.UseAsync("book");

        var problem = await answer.ProblemAsync(402, "insufficient-credits");
        Assert.Equal(
            """{"type":"https://payperuse.dev/problems/insufficient-credits","title":"Payment required","status":402,"code":"insufficient-credits","balance":0,"required":3,"packs":[{"id":"five","credits":5,"price":{"amount":100,"currency":"EUR"}}],"checkout":"/payments/create"}""",
            problem.ToJsonString()
        );
    }

    [Fact]
    public async Task After_paying_the_same_request_works()
    {
        await using var house = await HttpHouse.StartAsync();
        await (await house.UseAsync(key: "k")).ProblemAsync(402, "insufficient-credits");
        await house.GrantAsync(5);

        await (await house.UseAsync(key: "k")).JsonAsync();

        Assert.Equal(4, await house.BalanceAsync());
    }

    [Theory]
    [InlineData("""{"action":"letter","credits":1}""", 8)]
    [InlineData("""{"action":"speech","credits":4}""", 5)]
    [InlineData("""{"action":"speech"}""", 8)]
    [InlineData("""{"action":"letter","credits":null,"more":[]}""", 8)]
    public async Task Credits_that_match_the_price_or_range_are_taken(string body, long left)
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(9);

        await (await house.SendAsync(HttpMethod.Post, "/credits/use", JsonNode.Parse(body))).JsonAsync();

        Assert.Equal(left, await house.BalanceAsync());
    }

    [Theory]
    [InlineData("""{"action":"letter","credits":2}""", "credits", "invalid-request")]
    [InlineData("""{"action":"speech","credits":5}""", "credits", "invalid-request")]
    [InlineData("""{"action":"letter","credits":"1"}""", "credits", "invalid-request")]
    [InlineData("""{"action":"letter","credits":1.5}""", "credits", "invalid-request")]
    [InlineData("""{"action":"letter","credits":-1}""", "credits", "invalid-request")]
    [InlineData("""{"action":"letter","credits":true}""", "credits", "invalid-request")]
    [InlineData("""{"action":"letter","credits":99999999999999999999}""", "credits", "invalid-request")]
    [InlineData("""{"action":"poem"}""", "action", "unknown-action")]
    [InlineData("""{"action":""}""", "action", "unknown-action")]
    [InlineData("""{"action":7}""", "action", "invalid-request")]
    [InlineData("""{"credits":1}""", "action", "invalid-request")]
    [InlineData("{}", "action", "invalid-request")]
    [InlineData("[]", "body", "invalid-request")]
    [InlineData("null", "body", "invalid-request")]
    [InlineData("", "body", "invalid-request")]
    [InlineData("""{"action":"letter" """, "body", "invalid-request")]
    [InlineData("""{"action":"letter","action":"book"}""", "body", "invalid-request")]
    [InlineData("""{"action":"\ud83d"}""", "action", "invalid-request")]
    [InlineData("""{"action":"\u0000"}""", "action", "unknown-action")]
    [InlineData("""{"\ud83d":1,"action":"letter"}""", "body", "invalid-request")]
    public async Task A_bad_body_is_400_and_names_the_field(string body, string field, string code)
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(9);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var answer = await house.Client.PostAsync("/credits/use", content, Token);

        var problem = await answer.ProblemAsync(400, code);
        Assert.Equal(field, problem.FieldsOf());
        Assert.Equal(9, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_body_that_is_no_utf_8_is_400_and_names_the_field()
    {
        await using var house = await HttpHouse.StartAsync();
        using var content = new ByteArrayContent([.. "{\"action\":\""u8, 0xFF, .. "\"}"u8])
        {
            Headers = { ContentType = new("application/json") },
        };

        var answer = await house.Client.PostAsync("/credits/use", content, Token);

        Assert.Equal("action", (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=runes")]
    public async Task Another_content_type_is_400(string type)
    {
        await using var house = await HttpHouse.StartAsync();
        using var content = new StringContent("""{"action":"letter"}""");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);

        var answer = await house.Client.PostAsync("/credits/use", content, Token);

        Assert.Equal("Content-Type", (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_without_end_is_400(bool hasLength)
    {
        await using var house = await HttpHouse.StartAsync();
        using var content = new StringContent(
            "{\"action\":\"" + new string('a', 1_000_000) + "\"}",
            Encoding.UTF8,
            "application/json"
        );

        var answer = await house.SendAsync(
            HttpMethod.Post,
            "/credits/use",
            change: r => (r.Content, r.Headers.TransferEncodingChunked) = (content, !hasLength)
        );

        Assert.Equal("body", (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Fact]
    public async Task A_key_of_128_characters_is_the_longest()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(9);
        var key = new string('k', 128);

        Assert.Equal(key, (string?)(await (await house.UseAsync(key: key)).JsonAsync())["operationId"]);
        var problem = await (await house.UseAsync(key: key + "k")).ProblemAsync(400, "invalid-request");
        Assert.Equal("Idempotency-Key", problem.FieldsOf());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\u200bb")]
    public async Task A_key_with_invisible_characters_is_400(string key)
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(9);
        using var client = new HttpClient(
            new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }
        )
        {
            BaseAddress = house.Address,
        };
        client.DefaultRequestHeaders.Add("X-User", "anna");

        var problem = await (await house.UseAsync(key: key, client: client)).ProblemAsync(400, "invalid-request");

        Assert.Equal("Idempotency-Key", problem.FieldsOf());
        Assert.Equal(9, await house.BalanceAsync());
    }

    [Fact]
    public async Task No_key_reaches_the_ids_that_the_system_makes()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.Ledger.GrantAsync(HttpHouse.Anna, "payment:1", 5, "five", cancellationToken: Token);

        var used = await (await house.UseAsync(key: "payment:1")).JsonAsync();

        Assert.Equal("""{"operationId":"payment:1","balance":4}""", used.ToJsonString());
    }

    [Fact]
    public async Task Twenty_uses_at_once_of_four_credits_are_four_times_200_and_sixteen_times_402()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(4);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => house.UseAsync()));

        Assert.Equal(4, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(16, answers.Count(a => a.StatusCode == HttpStatusCode.PaymentRequired));
        Assert.Equal(0, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_full_rate_window_is_429_with_the_time_to_wait()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Options = o => o.RateLimit = new CreditRateLimit(1, TimeSpan.FromMinutes(1))
        );
        await house.GrantAsync(9);
        await (await house.UseAsync(key: "first")).JsonAsync();

        var refused = await house.UseAsync(key: "second");

        await refused.ProblemAsync(429, "rate-limited");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        await (await house.UseAsync(key: "first")).JsonAsync();
    }

    [Fact]
    public async Task A_store_that_is_down_is_503_and_says_that_nothing_was_applied()
    {
        await using var house = await HttpHouse.StartAsync();
        house.Store.Fail(CreditCommandKind.Spend);

        var problem = await (await house.UseAsync(key: "k")).ProblemAsync(503, "store-unavailable");

        Assert.Equal("not-applied", (string?)problem["outcome"]);
        Assert.False(problem.ContainsKey("operationId"));
    }

    [Fact]
    public async Task An_unknown_outcome_is_503_with_the_id_to_ask_again_with()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(4);
        house.Store.After = _ => throw HookedCreditStore.Down(CreditOperationOutcome.Unknown);

        var problem = await (await house.UseAsync()).ProblemAsync(503, "store-unavailable");
        house.Store.After = null;
        var id = (string?)problem["operationId"];
        var again = await (await house.UseAsync(key: id)).JsonAsync();

        Assert.Equal("unknown", (string?)problem["outcome"]);
        Assert.Equal(3, (long?)again["balance"]);
        Assert.Equal(3, await house.BalanceAsync());
    }

    [Theory]
    [InlineData("/credits/status")]
    [InlineData("/credits/history")]
    [InlineData("/credits/events")]
    public async Task Reading_from_a_store_that_is_down_is_503(string path)
    {
        await using var house = await HttpHouse.StartAsync();
        house.Store.BeforeRead = () => throw HookedCreditStore.Down(CreditOperationOutcome.NotApplied);

        await (await house.Client.GetAsync(path, Token)).ProblemAsync(503, "store-unavailable");
    }

    [Fact]
    public async Task History_is_newest_first_and_signed_and_hides_where_ids_come_from()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.Ledger.GrantAsync(HttpHouse.Anna, "payment:1", 5, "five", cancellationToken: Token);
        await house.UseAsync(key: "k");

        var history = await (await house.Client.GetAsync("/credits/history", Token)).JsonAsync();

        var entries = history["entries"]!.AsArray().Select(e => e!.AsObject()).ToArray();
        Assert.Equal(["operationId", "kind", "action", "credits", "balance", "at"], entries[0].Select(p => p.Key));
        Assert.Equal(["k spend letter -1 4", "payment:1 grant five 5 5"], entries.Select(Line));
        Assert.All(entries, e => Assert.EndsWith("Z", (string?)e["at"], StringComparison.Ordinal));
        Assert.True(history.ContainsKey("next"));
        Assert.Null(history["next"]);

        static string Line(JsonObject e) =>
            $"{e["operationId"]} {e["kind"]} {e["action"]} {e["credits"]} {e["balance"]}";
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(6, 3)]
    [InlineData(1, 1)]
    [InlineData(0, 5)]
    public async Task Pages_of_history_cover_everything_once(int uses, int limit)
    {
        await using var house = await HttpHouse.StartAsync();
        if (uses > 0)
        {
            await house.GrantAsync(uses);
        }

        for (var i = 0; i < uses; i++)
        {
            await house.UseAsync(key: "k" + i);
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var before = cursor is null ? "" : "&before=" + Uri.EscapeDataString(cursor);
            var page = await (
                await house.Client.GetAsync($"/credits/history?limit={limit}{before}", Token)
            ).JsonAsync();
            var entries = page["entries"]!.AsArray();
            Assert.True(entries.Count <= limit);
            seen.AddRange(entries.Select(e => (string)e!["operationId"]!));
            cursor = (string?)page["next"];
        } while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, uses).Reverse().Select(i => "k" + i), seen.Take(uses));
        Assert.Equal(uses == 0 ? 0 : uses + 1, seen.Count);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("before=x", "before")]
    [InlineData("before=", "before")]
    [InlineData("before=MS41IA", "before")]
    [InlineData("before=MQ", "before")]
    [InlineData("before=12", "before")]
    public async Task A_bad_limit_or_cursor_is_400(string query, string field)
    {
        await using var house = await HttpHouse.StartAsync();

        var answer = await house.Client.GetAsync("/credits/history?" + query, Token);

        Assert.Equal(field, (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public async Task Limits_from_1_to_200_are_allowed(int limit)
    {
        await using var house = await HttpHouse.StartAsync();

        await (await house.Client.GetAsync("/credits/history?limit=" + limit, Token)).JsonAsync();
    }
}
