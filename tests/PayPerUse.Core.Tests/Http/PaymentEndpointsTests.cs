using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>/payments/packs, create, get, cancel and the QR codes, line by line.</summary>
public sealed class PaymentEndpointsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Packs_tell_what_is_for_sale_and_with_whom()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());

        var packs = await (await house.Client.GetAsync("/payments/packs", Token)).JsonAsync();

        Assert.Equal(
            """{"packs":[{"id":"five","credits":5,"price":{"amount":100,"currency":"EUR"}}],"providers":[{"id":"scripted","name":"Scripted scripted"}]}""",
            packs.ToJsonString()
        );
    }

    [Fact]
    public async Task A_new_payment_is_201_with_its_location_and_everything_needed_to_pay()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());

        var answer = await CreateAsync(house);

        var payment = await answer.JsonAsync(HttpStatusCode.Created);
        var id = (string)payment["id"]!;
        Assert.Equal("/payments/" + id, answer.Headers.Location?.OriginalString);
        Assert.Equal(
            ["id", "status", "provider", "pack", "credits", "price", "checkoutUrl", "qrCode", "expiresAt"],
            payment.Select(p => p.Key)
        );
        Assert.Equal(
            "pending scripted five 5",
            $"{payment["status"]} {payment["provider"]} {payment["pack"]} {payment["credits"]}"
        );
        Assert.Equal("""{"amount":100,"currency":"EUR"}""", payment["price"]!.ToJsonString());
        Assert.Equal("https://pay.example/" + id, (string?)payment["checkoutUrl"]);
        Assert.Equal($"/payments/{id}/qr.svg", (string?)payment["qrCode"]);
        Assert.EndsWith("Z", (string?)payment["expiresAt"], StringComparison.Ordinal);
        var stored = await house.Payments.FindAsync(id, Token);
        Assert.Equal(new Uri(house.Address, "/payments/webhook/scripted"), stored!.CallbackUrl);
        Assert.Equal(new Uri(house.Address, $"/payments/{id}/return"), stored.ReturnPageUrl);
    }

    [Fact]
    public async Task The_open_payment_again_is_200()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var first = await (await CreateAsync(house)).JsonAsync(HttpStatusCode.Created);

        var again = await CreateAsync(house);

        Assert.Equal((string?)first["id"], (string?)(await again.JsonAsync())["id"]);
        Assert.Null(again.Headers.Location);
        Assert.Equal(1, house.Provider.Starts);
    }

    [Fact]
    public async Task Every_optional_field_is_taken()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Options = o =>
            {
                o.RequiredConsent = "2026-11";
                o.AllowedReturnOrigins.Add("https://app.example");
            }
        );

        var answer = await CreateAsync(
            house,
            """{"pack":"five","provider":"scripted","returnUrl":"https://app.example/made?x=1","consent":"2026-11"}""",
            "k"
        );

        var id = (string)(await answer.JsonAsync(HttpStatusCode.Created))["id"]!;
        var stored = await house.Payments.FindAsync(id, Token);
        Assert.Equal(
            ("https://app.example/made?x=1", "2026-11", "k"),
            (stored!.ReturnUrl, stored.Consent, stored.RequestKey)
        );
    }

    [Theory]
    [InlineData("""{"pack":"six"}""", "pack", "unknown-pack")]
    [InlineData("""{"pack":5}""", "pack", "invalid-request")]
    [InlineData("{}", "pack", "invalid-request")]
    [InlineData("[]", "body", "invalid-request")]
    [InlineData("""{"pack":"\udc00"}""", "pack", "invalid-request")]
    [InlineData("""{"pack":"five","consent":"\ud83d"}""", "consent", "invalid-request")]
    [InlineData("""{"pack":"five","returnUrl":"/\ud83d"}""", "returnUrl", "invalid-request")]
    [InlineData("""{"pack":"five","provider":"cash"}""", "provider", "unknown-provider")]
    [InlineData("""{"pack":"five","provider":{}}""", "provider", "invalid-request")]
    [InlineData("""{"pack":"five","returnUrl":7}""", "returnUrl", "invalid-request")]
    [InlineData("""{"pack":"five","consent":["x"]}""", "consent", "invalid-request")]
    [InlineData("""{"pack":"five","consent":"a\u0000b"}""", "consent", "invalid-request")]
    [InlineData("""{"pack":"five","returnUrl":"//evil.example"}""", "returnUrl", "invalid-return-url")]
    [InlineData("""{"pack":"five","returnUrl":"/\\evil.example"}""", "returnUrl", "invalid-return-url")]
    [InlineData("""{"pack":"five","returnUrl":"/\t/evil.example"}""", "returnUrl", "invalid-return-url")]
    [InlineData("""{"pack":"five","returnUrl":"https://evil.example/"}""", "returnUrl", "invalid-return-url")]
    [InlineData(
        """{"pack":"five","returnUrl":"https://app.example@evil.example/"}""",
        "returnUrl",
        "invalid-return-url"
    )]
    [InlineData("""{"pack":"five","returnUrl":"javascript:alert(1)"}""", "returnUrl", "invalid-return-url")]
    [InlineData("""{"pack":"five","returnUrl":""}""", "returnUrl", "invalid-return-url")]
    [InlineData("""{"pack":"five","returnUrl":"letters"}""", "returnUrl", "invalid-return-url")]
    public async Task A_bad_order_is_400_and_names_the_field(string body, string field, string code)
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Options = o => o.AllowedReturnOrigins.Add("https://app.example")
        );

        using var answer = await house.PostTextAsync("/payments/create", body, "application/json");

        Assert.Equal(field, (await answer.ProblemAsync(400, code)).FieldsOf());
        Assert.Equal(0, house.Provider.Starts);
    }

    [Theory]
    [InlineData("""{"pack":"five"}""")]
    [InlineData("""{"pack":"five","consent":"2025-01"}""")]
    public async Task Consent_is_required_where_it_is_configured(string body)
    {
        await using var house = await HttpHouse.StartAsync(s => s.Options = o => o.RequiredConsent = "2026-11");
        var packs = await (await house.Client.GetAsync("/payments/packs", Token)).JsonAsync();
        Assert.Equal("2026-11", (string?)packs["consent"]);

        var problem = await (await CreateAsync(house, body)).ProblemAsync(400, "consent-required");

        Assert.Equal("consent", problem.FieldsOf());
    }

    [Fact]
    public async Task The_key_of_another_order_is_409()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.PayPerUse = b => b.AddPack(new CreditPack("ten", 10, Money.Euro(2.00m)))
        );
        await CreateAsync(house, key: "k");

        await (await CreateAsync(house, """{"pack":"ten"}""", "k")).ProblemAsync(409, "key-reused");
    }

    [Fact]
    public async Task An_unreachable_provider_is_503()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        house.Provider.BeforeStart = (_, _) =>
            throw new PaymentProviderException("scripted", PaymentProviderFailure.Unavailable, "No line.");

        await (await CreateAsync(house)).ProblemAsync(503, "provider-unavailable");
    }

    [Fact]
    public async Task A_payment_becomes_paid_and_its_credits_arrive()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);

        var payment = await (await house.Client.GetAsync("/payments/" + id, Token)).JsonAsync();

        Assert.Equal("paid", (string?)payment["status"]);
        Assert.False(payment.ContainsKey("refunded"));
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task Looking_often_asks_the_provider_seldom()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);

        for (var asked = 1; asked <= 3; asked++)
        {
            for (var i = 0; i < 5; i++)
            {
                await (await house.Client.GetAsync("/payments/" + id, Token)).JsonAsync();
            }

            Assert.Equal(asked, house.Provider.Gets);
            house.Clock!.Advance(PaymentSettler.PollInterval);
        }
    }

    [Fact]
    public async Task A_provider_that_is_down_does_not_hide_what_we_know()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);
        house.Provider.BeforeGet = _ =>
            throw new PaymentProviderException("scripted", PaymentProviderFailure.Unknown, "No line.");

        var payment = await (await house.Client.GetAsync("/payments/" + id, Token)).JsonAsync();

        Assert.Equal("pending", (string?)payment["status"]);
    }

    [Theory]
    [InlineData(PaymentStatus.Pending, "pending")]
    [InlineData(PaymentStatus.Processing, "processing")]
    [InlineData(PaymentStatus.Paid, "paid")]
    [InlineData(PaymentStatus.Failed, "failed")]
    [InlineData(PaymentStatus.Canceled, "canceled")]
    [InlineData(PaymentStatus.Expired, "expired")]
    [InlineData(PaymentStatus.Refunded, "refunded")]
    [InlineData(PaymentStatus.Disputed, "disputed")]
    [InlineData(PaymentStatus.Review, "review")]
    public async Task Every_status_has_its_word(PaymentStatus status, string word)
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);
        var stored = (await house.Payments.FindAsync(id, Token))!;
        await house.Payments.TryUpdateAsync(
            stored with
            {
                Status = status,
                CheckedAt = house.Clock!.GetUtcNow(),
            },
            null,
            Token
        );

        var payment = await (await house.Client.GetAsync("/payments/" + id, Token)).JsonAsync();

        Assert.Equal(word, (string?)payment["status"]);
    }

    [Fact]
    public async Task A_partly_refunded_payment_stays_paid_and_tells_how_much_went_back()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);
        var stored = (await house.Payments.FindAsync(id, Token))!;
        await house.Payments.TryUpdateAsync(
            stored with
            {
                Status = PaymentStatus.Paid,
                Refunded = Money.Euro(0.40m),
            },
            null,
            Token
        );

        var payment = await (await house.Client.GetAsync("/payments/" + id, Token)).JsonAsync();

        Assert.Equal("paid", (string?)payment["status"]);
        Assert.Equal("""{"amount":40,"currency":"EUR"}""", payment["refunded"]!.ToJsonString());
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/cancel")]
    [InlineData("GET", "/qr.svg")]
    [InlineData("GET", "/qr.png")]
    public async Task Another_account_s_payment_is_404_like_one_that_does_not_exist(string method, string path)
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);
        using var bram = house.MakeClient("bram");

        foreach (var address in new[] { id, new string('0', 32), "create", "x%2f..", id.ToUpperInvariant() })
        {
            var answer = await house.SendAsync(new HttpMethod(method), $"/payments/{address}{path}", client: bram);

            await answer.ProblemAsync(404, "not-found");
        }

        Assert.Equal(PaymentStatus.Pending, (await house.Payments.FindAsync(id, Token))!.Status);
    }

    [Fact]
    public async Task A_payment_can_be_called_off_once()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);

        var canceled = await house.SendAsync(HttpMethod.Post, $"/payments/{id}/cancel");
        var again = await house.SendAsync(HttpMethod.Post, $"/payments/{id}/cancel");

        Assert.Equal("canceled", (string?)(await canceled.JsonAsync())["status"]);
        await again.ProblemAsync(409, "not-open");
    }

    [Fact]
    public async Task A_paid_payment_cannot_be_called_off()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);

        await (await house.SendAsync(HttpMethod.Post, $"/payments/{id}/cancel")).ProblemAsync(409, "not-open");

        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task Calling_off_while_the_provider_is_down_is_503()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);
        house.Provider.BeforeGet = _ =>
            throw new PaymentProviderException("scripted", PaymentProviderFailure.Unknown, "No line.");

        var problem = await (await house.SendAsync(HttpMethod.Post, $"/payments/{id}/cancel")).ProblemAsync(
            503,
            "provider-unavailable"
        );

        Assert.Equal("unknown", (string?)problem["outcome"]);
    }

    [Theory]
    [InlineData("svg", "image/svg+xml", "<svg")]
    [InlineData("png", "image/png", "\u0089PNG")]
    public async Task The_checkout_link_is_drawn_as_a_QR_code(string kind, string type, string start)
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await OrderAsync(house);

        var drawn = await house.Client.GetAsync($"/payments/{id}/qr.{kind}", Token);
        var again = await house.SendAsync(
            HttpMethod.Get,
            $"/payments/{id}/qr.{kind}",
            change: r => r.Headers.IfNoneMatch.Add(drawn.Headers.ETag!)
        );

        Assert.Equal(HttpStatusCode.OK, drawn.StatusCode);
        Assert.Equal(type, drawn.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith(
            start,
            System.Text.Encoding.Latin1.GetString(await drawn.Content.ReadAsByteArrayAsync(Token)),
            StringComparison.Ordinal
        );
        Assert.Equal("no-cache, private", drawn.Headers.CacheControl?.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task A_prefix_goes_before_every_address_and_link()
    {
        await using var house = await HttpHouse.StartAsync(s => s.Prefix = "/shop/");

        var payment = await house.SendAsync(
            HttpMethod.Post,
            "/shop/payments/create",
            JsonNode.Parse("""{"pack":"five"}""")
        );
        var problem = await (
            await house.SendAsync(HttpMethod.Post, "/shop/credits/use", JsonNode.Parse("""{"action":"letter"}"""))
        ).ProblemAsync(402, "insufficient-credits");

        var id = (string?)(await payment.JsonAsync(HttpStatusCode.Created))["id"];
        Assert.Equal("/shop/payments/" + id, payment.Headers.Location?.OriginalString);
        Assert.Equal("/shop/payments/create", (string?)problem["checkout"]);
        var stored = (await house.Payments.FindAsync(id!, Token))!;
        Assert.Equal("/shop/payments/webhook/scripted", stored.CallbackUrl.AbsolutePath);
        Assert.Equal($"/shop/payments/{id}/return", stored.ReturnPageUrl.AbsolutePath);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Client.GetAsync("/credits/status", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await house.Client.GetAsync($"/shop/payments/{id}/qr.svg", Token)).StatusCode);
    }

    [Fact]
    public async Task A_stores_failure_is_503()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Services = services =>
            {
                var store = NSubstitute.Substitute.For<IPaymentStore>();
                NSubstitute.SubstituteExtensions.ReturnsForAnyArgs(
                    store.FindAsync("", default),
                    Task.FromException<Payment?>(new PaymentStoreException("The store is down."))
                );
                services.AddSingleton(store);
            }
        );

        var answer = await house.Client.GetAsync("/payments/" + new string('0', 32), Token);

        Assert.Equal("not-applied", (string?)(await answer.ProblemAsync(503, "store-unavailable"))["outcome"]);
    }

    [Fact]
    public async Task Paid_credits_can_be_used_with_the_request_that_was_refused()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        await (await house.UseAsync(key: "k")).ProblemAsync(402, "insufficient-credits");
        var id = await OrderAsync(house);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        await house.Client.GetAsync("/payments/" + id, Token);

        Assert.Equal(4, (long?)(await (await house.UseAsync(key: "k")).JsonAsync())["balance"]);
    }

    internal static Task<HttpResponseMessage> CreateAsync(
        HttpHouse house,
        string body = """{"pack":"five"}""",
        string? key = null
    ) => house.SendAsync(HttpMethod.Post, "/payments/create", JsonNode.Parse(body), key);

    /// <summary>A payment of Anna's that waits to be paid.</summary>
    internal static async Task<string> OrderAsync(HttpHouse house, string body = """{"pack":"five"}""")
    {
        var payment = await (await CreateAsync(house, body)).JsonAsync(HttpStatusCode.Created);

        // The provider is asked at most every 3 seconds, and just was.
        house.Clock!.Advance(PaymentSettler.PollInterval);
        return (string)payment["id"]!;
    }
}
