using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PayPerUse.Payments;
using PayPerUse.Testing;

namespace PayPerUse.Stripe.Tests;

public sealed class RequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Newer than the request parameters we have (2023-08-16).
    private static readonly HashSet<string> Newer =
    [
        "adaptive_pricing[enabled]", // 2024: prices in the customer's currency, which we switch off
        "created[gte]", // 2024: sessions made in a time
        "created[lte]",
    ];

    [Fact]
    public async Task A_checkout_asks_for_exactly_our_order()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => Answer.Ok(FakeStripe.Session());
        using var services = Orders.Services(stripe.Address);

        var started = await services.Provider().StartCheckoutAsync(Orders.Payment(), Token);

        var request = Assert.Single(stripe.Requests);
        Assert.Equal(("POST", "/v1/checkout/sessions"), (request.Method, request.Path));
        Assert.Equal("Bearer " + Orders.Key, request.Headers["Authorization"]);
        Assert.Equal(Orders.Id + "-1", request.Headers["Idempotency-Key"]);
        Assert.Equal("payment", request["mode"]);
        Assert.Equal("eur", request["line_items[0][price_data][currency]"]);
        Assert.Equal("100", request["line_items[0][price_data][unit_amount]"]);
        Assert.Equal("5 credits", request["line_items[0][price_data][product_data][name]"]);
        Assert.Equal("1", request["line_items[0][quantity]"]);
        Assert.Equal(Orders.Id, request["client_reference_id"]);
        Assert.Equal(Orders.Id, request["metadata[payperuse_payment]"]);
        Assert.Equal(Orders.Id, request["payment_intent_data[metadata][payperuse_payment]"]);
        Assert.Equal(
            $"https://shop.example/payments/{Orders.Id}/return?session_id={{CHECKOUT_SESSION_ID}}",
            request["success_url"]
        );
        Assert.Equal($"https://shop.example/payments/{Orders.Id}/return?back", request["cancel_url"]);
        Assert.Equal(
            Orders.Now.AddMinutes(40).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            request["expires_at"]
        );
        Assert.Equal(
            ["false", "false", "false"],
            new[] { "adaptive_pricing[enabled]", "allow_promotion_codes", "automatic_tax[enabled]" }.Select(n =>
                request[n]
            )
        );
        Assert.Equal(Orders.SessionId, started.ProviderPaymentId);
        Assert.Equal(ProviderPaymentStatus.Pending, started.Status);
        Assert.Equal("https", started.CheckoutUrl!.Scheme);
    }

    [Fact]
    public async Task Every_parameter_that_we_send_is_known_to_Stripe()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (r, _) =>
            r switch
            {
                { Method: "GET", Path: "/v1/checkout/sessions" } => Answer.Ok(FakeStripe.List(FakeStripe.Session())),
                { Path: "/v1/refunds", Method: "POST" } or { Path: "/v1/refunds/re_1" } => Answer.Ok(
                    FakeStripe.Resource("refund")
                ),
                { Path: "/v1/refunds" or "/v1/events" or "/v1/disputes" } => Answer.Ok(FakeStripe.List()),
                { Method: "GET" } => Answer.Ok(
                    FakeStripe.PaidSession(c =>
                    {
                        c["disputed"] = true;
                        c["refunds"]!["has_more"] = true;
                    })
                ),
                _ => Answer.Ok(FakeStripe.Session()),
            };
        using var services = Orders.Services(stripe.Address);
        var provider = services.Provider();
        var refunds = (IRefundProvider)provider;

        await provider.StartCheckoutAsync(Orders.Payment(), Token);
        await provider.GetPaymentAsync(Orders.Known(), Token);
        await provider.GetPaymentAsync(Orders.Payment(), Token);
        await provider.CancelAsync(Orders.Known(), Token);
        await refunds.StartRefundAsync(Orders.Known(), Orders.Refund(), Token);
        await refunds.FindRefundAsync(Orders.Known(), Orders.Refund(), Token);
        await refunds.FindRefundAsync(Orders.Known(), Orders.Refund() with { ProviderRefundId = "re_1" }, Token);
        await ((IReversalFeed)provider).ReadReversalsAsync("1795521600 1795525200 evt_1", Token);

        var oracle = JsonNode.Parse(await File.ReadAllTextAsync(Machine.Oracle("stripe-requests.json"), Token))![
            "paths"
        ]!;
        foreach (var request in stripe.Requests)
        {
            var path = request
                .Path.Replace(Orders.SessionId, "{session}", StringComparison.Ordinal)
                .Replace("re_1", "{refund}", StringComparison.Ordinal);
            var names = request
                .Query.TrimStart('?')
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(p => p.Split('=')[0])
                .Where(n => !Newer.Contains(n))
                .Select(n => n.Split('[')[0]);
            if (oracle[path]?[request.Method.ToLowerInvariant()] is { } call)
            {
                foreach (var (name, value) in request.Form)
                {
                    AssertKnown(call["form"]!, name, value);
                }

                Assert.Empty(names.Except(call["query"]!.AsArray().Select(q => q!["name"]!.GetValue<string>())));
            }
            else
            {
                // Two lists are not in there; the SDK knows their parameters.
                Assert.Empty(request.Form);
                Assert.Empty(names.Except(ParametersOf(Lists[path])));
            }
        }

        string[] called =
        [
            "POST /v1/checkout/sessions",
            "GET /v1/checkout/sessions",
            "GET /v1/checkout/sessions/" + Orders.SessionId,
            $"POST /v1/checkout/sessions/{Orders.SessionId}/expire",
            "POST /v1/refunds",
            "GET /v1/refunds",
            "GET /v1/refunds/re_1",
            "GET /v1/disputes",
            "GET /v1/events",
        ];
        Assert.Equal(called.Order(), stripe.Requests.Select(r => $"{r.Method} {r.Path}").Distinct().Order());
    }

    private static readonly Dictionary<string, Type> Lists = new()
    {
        ["/v1/events"] = typeof(global::Stripe.EventListOptions),
        ["/v1/disputes"] = typeof(global::Stripe.DisputeListOptions),
    };

    private static IEnumerable<string> ParametersOf(Type options) =>
        options
            .GetProperties()
            .SelectMany(p => p.GetCustomAttributesData())
            .Where(a => a.AttributeType.Name is "JsonPropertyNameAttribute" or "JsonPropertyAttribute")
            .Select(a => (string)a.ConstructorArguments[0].Value!);

    [Fact]
    public async Task The_same_order_makes_the_same_request_on_every_try_and_repeat()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, n) =>
            n < 3 ? Answer.Error(503, "busy", type: "api_error") : Answer.Ok(FakeStripe.Session());
        using var services = Orders.Services(stripe.Address);

        await services.Provider().StartCheckoutAsync(Orders.Payment(), Token);
        await services.Provider().StartCheckoutAsync(Orders.Payment(), Token);

        Assert.Equal(4, stripe.Requests.Count);
        Assert.Single(stripe.Requests.Select(r => r.Body).Distinct());
        Assert.Single(stripe.Requests.Select(r => r.Headers["Idempotency-Key"]).Distinct());
        Assert.DoesNotContain(stripe.Requests, r => r.Headers.ContainsKey("X-Stripe-Client-Telemetry"));
    }

    [Fact]
    public async Task A_payment_without_a_known_session_is_found_by_its_reference_on_a_later_page()
    {
        await using var stripe = await FakeStripe.StartAsync();
        var other = FakeStripe.Session(s =>
        {
            s["id"] = "cs_test_other";
            s["client_reference_id"] = "somebody-else";
        });
        stripe.Answers = (r, n) =>
            r.Path != "/v1/checkout/sessions"
                ? Answer.Ok(FakeStripe.Session())
                : Answer.Ok(
                    new JsonObject
                    {
                        ["object"] = "list",
                        ["has_more"] = n == 1,
                        ["data"] = new JsonArray(n == 1 ? other.DeepClone() : FakeStripe.Session()),
                    }
                );
        using var services = Orders.Services(stripe.Address);

        var found = await services.Provider().GetPaymentAsync(Orders.Payment(), Token);

        Assert.Equal(Orders.SessionId, found!.ProviderPaymentId);
        Assert.Contains("starting_after=cs_test_other", stripe.Requests.ElementAt(1).Query, StringComparison.Ordinal);
        Assert.Contains("created[gte]=", stripe.Requests.First().Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_only_bears_our_reference_is_not_adopted()
    {
        await using var stripe = await FakeStripe.StartAsync();
        var link = FakeStripe.PaidSession();
        link["metadata"] = new JsonObject();
        stripe.Answers = (r, _) =>
            r.Path != "/v1/checkout/sessions"
                ? Answer.Ok(link)
                : Answer.Ok(
                    new JsonObject
                    {
                        ["object"] = "list",
                        ["has_more"] = false,
                        ["data"] = new JsonArray(link.DeepClone()),
                    }
                );
        using var services = Orders.Services(stripe.Address);

        Assert.Null(await services.Provider().GetPaymentAsync(Orders.Payment(), Token));
    }

    [Fact]
    public async Task A_payment_that_never_reached_Stripe_is_not_found()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => new Answer(200, """{"object":"list","has_more":false,"data":[]}""");
        using var services = Orders.Services(stripe.Address);

        Assert.Null(await services.Provider().GetPaymentAsync(Orders.Payment(), Token));
    }

    [Fact]
    public async Task A_search_that_would_never_end_does_not_decide()
    {
        await using var stripe = await FakeStripe.StartAsync();
        var page = new JsonObject
        {
            ["object"] = "list",
            ["has_more"] = true,
            ["data"] = new JsonArray(FakeStripe.Session(s => s["client_reference_id"] = "x")),
        };
        stripe.Answers = (_, _) => Answer.Ok(page);
        using var services = Orders.Services(stripe.Address);

        var e = await Assert.ThrowsAsync<PaymentProviderException>(() =>
            services.Provider().GetPaymentAsync(Orders.Payment(), Token)
        );

        Assert.Equal(PaymentProviderFailure.Unavailable, e.Failure);
        Assert.Equal(20, stripe.Requests.Count);
    }

    private static void AssertKnown(JsonNode schema, string name, string value)
    {
        if (Newer.Contains(name))
        {
            return;
        }

        var current = schema;

        // Metadata may be an object or an empty text; what it holds is ours.
        if (Regex.Match(name, @"^(.*)\[metadata\]\[\w+\]$|^(metadata)\[\w+\]$") is { Success: true })
        {
            Assert.True(name.Length < 100 && value.Length <= 500);
            name = name[..name.LastIndexOf('[')];
        }

        foreach (Match part in Regex.Matches(name, @"[^\[\]]+"))
        {
            current =
                current["properties"]?[part.Value]
                ?? (current["items"] is { } items && int.TryParse(part.Value, out _) ? items : null)
                ?? (current["additionalProperties"] as JsonObject);
            Assert.True(current is not null, $"'{name}' is not a parameter that Stripe knows.");
        }

        if (current!["enum"] is JsonArray values)
        {
            Assert.Contains(value, values.Select(v => v!.GetValue<string>()));
        }

        if (current["maxLength"] is { } max)
        {
            Assert.True(value.Length <= max.GetValue<int>(), $"'{name}' is too long.");
        }
    }
}
