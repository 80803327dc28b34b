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
        Assert.Equal($"https://shop.example/payments/{Orders.Id}/return", request["cancel_url"]);
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
            r is { Method: "GET", Path: "/v1/checkout/sessions" }
                ? Answer.Ok(
                    new JsonObject
                    {
                        ["object"] = "list",
                        ["has_more"] = false,
                        ["data"] = new JsonArray(FakeStripe.Session()),
                    }
                )
                : Answer.Ok(FakeStripe.Session());
        using var services = Orders.Services(stripe.Address);
        var provider = services.Provider();

        await provider.StartCheckoutAsync(Orders.Payment(), Token);
        await provider.GetPaymentAsync(Orders.Known(), Token);
        await provider.GetPaymentAsync(Orders.Payment(), Token);
        await provider.CancelAsync(Orders.Known(), Token);

        var oracle = JsonNode.Parse(await File.ReadAllTextAsync(Machine.Oracle("stripe-requests.json"), Token))![
            "paths"
        ]!;
        Assert.Equal(5, stripe.Requests.Count);
        foreach (var request in stripe.Requests)
        {
            var path = request.Path.Replace(Orders.SessionId, "{session}", StringComparison.Ordinal);
            var call = oracle[path]![request.Method.ToLowerInvariant()]!;
            foreach (var (name, value) in request.Form)
            {
                AssertKnown(call["form"]!, name, value);
            }

            var known = call["query"]!.AsArray().Select(q => q!["name"]!.GetValue<string>()).ToHashSet();
            foreach (var name in request.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var plain = name.Split('=')[0];
                Assert.True(Newer.Contains(plain) || known.Contains(plain.Split('[')[0]), $"{path}: {plain}");
            }
        }
    }

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
