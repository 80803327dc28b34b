using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payments;
using PayPerUse.Stripe.Tests.World;
using PayPerUse.Testing;

namespace PayPerUse.Stripe.Tests;

public sealed class WebhookTests : IDisposable
{
    private readonly KeptLogs<StripeWebhook> _logs = new();
    private readonly FakeTimeProvider _clock = new(Orders.Now);

    [Theory]
    [InlineData("checkout.session.completed")]
    [InlineData("checkout.session.async_payment_succeeded")]
    [InlineData("checkout.session.async_payment_failed")]
    [InlineData("checkout.session.expired")]
    public async Task A_genuine_event_of_our_session_rings_for_our_payment(string type)
    {
        var body = Event(e => e["type"] = type);

        var verdict = await VerifyAsync(body, Sign(body));

        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
        Assert.Equal(Orders.Id, verdict.PaymentId);
        Assert.Equal(Orders.SessionId, verdict.ProviderPaymentId);
    }

    [Fact]
    public async Task Every_changed_byte_of_the_body_is_refused()
    {
        var body = Event();
        var header = Sign(body);
        for (var i = 0; i < body.Length; i++)
        {
            var changed = body.ToArray();
            changed[i] ^= 0x81;
            Assert.Equal(WebhookAuthenticity.Forged, (await VerifyAsync(changed, header)).Authenticity);
        }

        Assert.Equal(WebhookAuthenticity.Genuine, (await VerifyAsync(body, header)).Authenticity);
    }

    [Fact]
    public async Task Every_changed_character_of_the_signature_header_is_refused()
    {
        var body = Event();
        var header = Sign(body);
        for (var i = 0; i < header.Length; i++)
        {
            var changed = header.ToCharArray();
            changed[i] = changed[i] == '1' ? '2' : '1';
            Assert.Equal(WebhookAuthenticity.Forged, (await VerifyAsync(body, new string(changed))).Authenticity);
        }
    }

    [Fact]
    public async Task Bytes_that_only_read_like_the_signed_text_are_refused()
    {
        var body = Event(e => e["note"] = "\uFFFD");
        var text = Encoding.UTF8.GetString(body).Replace("\\uFFFD", "\uFFFD", StringComparison.Ordinal);
        var signed = Encoding.UTF8.GetBytes(text);
        var header = Sign(signed);
        var at = signed.AsSpan().IndexOf([(byte)0xEF, (byte)0xBF, (byte)0xBD]);
        byte[] changed = [.. signed[..at], 0xFF, .. signed[(at + 3)..]];

        Assert.Equal(WebhookAuthenticity.Genuine, (await VerifyAsync(signed, header)).Authenticity);
        Assert.Equal(WebhookAuthenticity.Forged, (await VerifyAsync(changed, header)).Authenticity);
    }

    [Theory]
    [InlineData(-300, WebhookAuthenticity.Genuine)]
    [InlineData(-301, WebhookAuthenticity.Forged)]
    [InlineData(301, WebhookAuthenticity.Forged)]
    public async Task A_signature_is_good_for_five_minutes(int seconds, WebhookAuthenticity expected)
    {
        var body = Event();

        Assert.Equal(expected, (await VerifyAsync(body, Sign(body, seconds: seconds))).Authenticity);
    }

    [Fact]
    public async Task Another_secret_is_refused()
    {
        var body = Event();

        Assert.Equal(
            WebhookAuthenticity.Forged,
            (await VerifyAsync(body, Sign(body, "whsec_another0123"))).Authenticity
        );
    }

    [Fact]
    public async Task One_good_signature_among_several_is_enough()
    {
        // While a secret is being rolled Stripe signs with both.
        var body = Event();
        var other = Sign(body, "whsec_another0123").Split(',')[1];
        var (time, ours) = (Sign(body).Split(',')[0], Sign(body).Split(',')[1]);

        var verdict = await VerifyAsync(body, $"{time},{other},{ours},v0=00");

        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("t")]
    [InlineData("t=,v1=")]
    [InlineData("t=abc,v1=00")]
    [InlineData("t=99999999999999999999,v1=00")]
    [InlineData("v1=00")]
    [InlineData(",,,")]
    public async Task A_broken_header_is_refused(string header)
    {
        Assert.Equal(WebhookAuthenticity.Forged, (await VerifyAsync(Event(), header)).Authenticity);
    }

    [Theory]
    [InlineData("2023-08-16")]
    [InlineData("2025-03-31.basil")]
    [InlineData(null)]
    public async Task Another_api_version_is_loud_and_asks_Stripe_to_come_again(string? version)
    {
        var body = Event(e => e["api_version"] = version);

        var verdict = await VerifyAsync(body, Sign(body));

        Assert.Equal(WebhookAuthenticity.Undecided, verdict.Authenticity);
        Assert.Equal(Orders.Id, verdict.PaymentId);
        Assert.Contains(
            _logs.Lines,
            l =>
                l.StartsWith("Error", StringComparison.Ordinal)
                && l.Contains(global::Stripe.StripeConfiguration.ApiVersion, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Another_version_of_the_same_release_train_is_understood()
    {
        var body = Event(e => e["api_version"] = "2026-12-31." + Train);

        Assert.Equal(WebhookAuthenticity.Genuine, (await VerifyAsync(body, Sign(body))).Authenticity);
    }

    [Theory]
    [InlineData("type", "customer.created")]
    [InlineData("type", "charge.succeeded")]
    public async Task Other_events_are_genuine_and_no_concern_of_ours(string field, string value)
    {
        var body = Event(e => e[field] = value);

        var verdict = await VerifyAsync(body, Sign(body));

        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
        Assert.False(verdict.IsRelevant);
    }

    [Theory]
    [InlineData("charge.refunded", "charge")]
    [InlineData("refund.created", "refund")]
    [InlineData("refund.updated", "refund")]
    [InlineData("refund.failed", "refund")]
    [InlineData("charge.dispute.created", "dispute")]
    [InlineData("charge.dispute.updated", "dispute")]
    [InlineData("charge.dispute.funds_withdrawn", "dispute")]
    [InlineData("charge.dispute.funds_reinstated", "dispute")]
    [InlineData("charge.dispute.closed", "dispute")]
    public async Task Money_that_goes_back_rings_for_its_payment_intent(string type, string shape)
    {
        var subject = FakeStripe.Resource(shape);
        subject["payment_intent"] = "pi_17";
        var body = Event(e =>
        {
            e["type"] = type;
            e["data"]!["object"] = subject.DeepClone();
        });

        var verdict = await VerifyAsync(body, Sign(body));

        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
        Assert.Equal("pi_17", verdict.ChargeId);

        // Whether it is ours is not known: another product's must not be asked for again and again.
        Assert.False(verdict.IsRelevant);
    }

    [Fact]
    public async Task A_charge_with_our_metadata_rings_for_our_payment()
    {
        var charge = FakeStripe.Resource("charge");
        charge["metadata"] = new JsonObject { ["payperuse_payment"] = Orders.Id };
        var body = Event(e =>
        {
            e["type"] = "charge.refunded";
            e["data"]!["object"] = charge;
        });

        Assert.Equal(Orders.Id, (await VerifyAsync(body, Sign(body))).PaymentId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("order-17")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    public async Task Sessions_of_other_products_are_no_concern_of_ours(string? reference)
    {
        var body = Event(e => e["data"]!["object"]!["client_reference_id"] = reference);

        Assert.False((await VerifyAsync(body, Sign(body))).IsRelevant);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"payperuse_payment":"ffffffffffffffffffffffffffffffff"}""")]
    public async Task A_payment_link_with_a_reference_like_ours_is_no_concern_of_ours(string metadata)
    {
        var body = Event(e => e["data"]!["object"]!["metadata"] = JsonNode.Parse(metadata));

        Assert.False((await VerifyAsync(body, Sign(body))).IsRelevant);
    }

    [Fact]
    public async Task An_event_of_the_other_mode_is_loud_and_left_alone()
    {
        var body = Event(e => e["livemode"] = true);

        var verdict = await VerifyAsync(body, Sign(body));

        Assert.False(verdict.IsRelevant);
        Assert.Contains(_logs.Lines, l => l.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"object":"v2.core.event","type":"v1.billing.meter.error_report_triggered"}""")]
    [InlineData("[]")]
    [InlineData("hello")]
    [InlineData("""{"object":"event","type":"\uD800"}""")]
    public async Task A_signed_body_of_another_shape_is_not_taken_for_done(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);

        Assert.Equal(WebhookAuthenticity.Undecided, (await VerifyAsync(body, Sign(body))).Authenticity);
    }

    public void Dispose() => _logs.Dispose();

    private static string Train => global::Stripe.StripeConfiguration.ApiVersion.Split('.')[1];

    private static byte[] Event(Action<JsonObject>? change = null)
    {
        var message = new JsonObject
        {
            ["id"] = "evt_1",
            ["object"] = "event",
            ["type"] = "checkout.session.completed",
            ["api_version"] = global::Stripe.StripeConfiguration.ApiVersion,
            ["livemode"] = false,
            ["data"] = new JsonObject
            {
                ["object"] = new JsonObject
                {
                    ["id"] = Orders.SessionId,
                    ["object"] = "checkout.session",
                    ["client_reference_id"] = Orders.Id,
                    ["metadata"] = new JsonObject { ["payperuse_payment"] = Orders.Id },
                },
            },
        };
        change?.Invoke(message);
        return Encoding.UTF8.GetBytes(message.ToJsonString());
    }

    private static string Sign(byte[] body, string secret = Orders.Secret, int seconds = 0) =>
        StripeWorld.Sign(body, Orders.Now.AddSeconds(seconds), secret);

    private Task<WebhookVerdict> VerifyAsync(byte[] body, string header) =>
        new StripeWebhook(
            Options.Create(new StripeOptions { ApiKey = Orders.Key, WebhookSecret = Orders.Secret }),
            _clock,
            _logs
        ).VerifyAsync(
            new WebhookMessage(new Dictionary<string, string> { ["stripe-signature"] = header }, body),
            TestContext.Current.CancellationToken
        );
}
