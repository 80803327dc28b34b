using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;

namespace PayPerUse.Stripe.Tests;

public sealed class DiagnosisTests
{
    private const string Address = "https://shop.example/payments/webhook/stripe";

    [Fact]
    public async Task A_right_account_is_good_and_nothing_is_made_in_it()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (r, _) =>
            Answer.Ok(r.Path == "/v1/webhook_endpoints" ? FakeStripe.List(Endpoint()) : FakeStripe.List());

        var findings = await DiagnoseAsync(stripe);

        Assert.All(findings, f => Assert.Equal(DoctorVerdict.Good, f.Verdict));
        Assert.All(stripe.Requests, r => Assert.Equal("GET", r.Method));
        Assert.Equal(8, findings.Length);
    }

    [Theory]
    [InlineData("/v1/checkout/sessions", "Checkout Sessions: Write")]
    [InlineData("/v1/payment_intents", "PaymentIntents: Read")]
    [InlineData("/v1/charges", "Charges: Read")]
    [InlineData("/v1/refunds", "Refunds (Charges): Write")]
    [InlineData("/v1/disputes", "Disputes: Read")]
    [InlineData("/v1/events", "Events: Read")]
    public async Task A_permission_that_a_restricted_key_lacks_is_named(string path, string permission)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (r, _) =>
            r.Path == path
                ? Answer.Error(403, "The provided key may not.")
                : Answer.Ok(r.Path == "/v1/webhook_endpoints" ? FakeStripe.List(Endpoint()) : FakeStripe.List());

        var bad = Assert.Single(await DiagnoseAsync(stripe), f => f.Verdict != DoctorVerdict.Good);

        Assert.Equal(DoctorVerdict.Bad, bad.Verdict);
        Assert.Contains(permission, bad.Message, StringComparison.Ordinal);
        Assert.Contains("Stripe:ApiKey", bad.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("url", "https://elsewhere.example/", DoctorVerdict.Warning, Address)]
    [InlineData("status", "disabled", DoctorVerdict.Bad, "disabled")]
    [InlineData("api_version", "2023-08-16", DoctorVerdict.Bad, "2023-08-16")]
    [InlineData("api_version", null, DoctorVerdict.Bad, "default")]
    public async Task A_webhook_endpoint_that_would_not_work_is_told(
        string field,
        string? value,
        DoctorVerdict verdict,
        string said
    )
    {
        var finding = await OfEndpointAsync(e => e[field] = value);

        Assert.Equal(verdict, finding.Verdict);
        Assert.Contains(said, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_the_endpoint_does_not_get_is_named()
    {
        var finding = await OfEndpointAsync(e => e["enabled_events"]!.AsArray().RemoveAt(5));

        Assert.Equal(DoctorVerdict.Bad, finding.Verdict);
        Assert.Contains("refund.created", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, DoctorVerdict.Warning)]
    [InlineData(-6, DoctorVerdict.Bad)]
    public async Task A_clock_that_is_off_is_told(int minutes, DoctorVerdict verdict)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) =>
            Answer.Ok(FakeStripe.List()) with
            {
                Headers = new() { ["Date"] = TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToString("R") },
            };

        var clock = Assert.Single(await DiagnoseAsync(stripe), f => f.Subject == "stripe clock");

        Assert.Equal(verdict, clock.Verdict);
    }

    private static JsonObject Endpoint() =>
        new()
        {
            ["id"] = "we_1",
            ["object"] = "webhook_endpoint",
            ["url"] = Address,
            ["status"] = "enabled",
            ["api_version"] = global::Stripe.StripeConfiguration.ApiVersion,
            ["enabled_events"] = new JsonArray([
                .. EventMessage.SessionTypes.Concat(EventMessage.ReversalTypes).Select(t => JsonValue.Create(t)),
            ]),
        };

    private static async Task<DoctorFinding> OfEndpointAsync(Action<JsonObject> change)
    {
        await using var stripe = await FakeStripe.StartAsync();
        var endpoint = Endpoint();
        change(endpoint);
        stripe.Answers = (r, _) =>
            Answer.Ok(r.Path == "/v1/webhook_endpoints" ? FakeStripe.List(endpoint) : FakeStripe.List());
        return Assert.Single(await DiagnoseAsync(stripe), f => f.Subject == "stripe webhook endpoint");
    }

    private static async Task<DoctorFinding[]> DiagnoseAsync(FakeStripe stripe)
    {
        var addresses = Substitute.For<IPaymentAddresses>();
        addresses.Callback("stripe").Returns(new Uri(Address));
        using var services = Orders.Services(stripe.Address, addresses: addresses);
        return
        [
            .. await ((IProviderDiagnosis)services.Provider()).DiagnoseAsync(TestContext.Current.CancellationToken),
        ];
    }
}
