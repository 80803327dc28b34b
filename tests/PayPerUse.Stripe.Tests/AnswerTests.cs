using System.Text.Json.Nodes;
using PayPerUse.Payments;

namespace PayPerUse.Stripe.Tests;

public sealed class AnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("open", "unpaid", null, ProviderPaymentStatus.Pending)]
    [InlineData("complete", "paid", "succeeded", ProviderPaymentStatus.Paid)]
    [InlineData("complete", "unpaid", "processing", ProviderPaymentStatus.Processing)]
    [InlineData("complete", "unpaid", null, ProviderPaymentStatus.Processing)]
    [InlineData("complete", "unpaid", "requires_payment_method", ProviderPaymentStatus.Failed)]
    [InlineData("complete", "unpaid", "canceled", ProviderPaymentStatus.Failed)]
    [InlineData("expired", "unpaid", null, ProviderPaymentStatus.Expired)]
    [InlineData("expired", "paid", "succeeded", ProviderPaymentStatus.Paid)]
    [InlineData("complete", "no_payment_required", null, ProviderPaymentStatus.Pending)]
    [InlineData("brand_new", "unpaid", null, ProviderPaymentStatus.Pending)]
    public async Task Only_paid_is_paid(string status, string paid, string? intent, ProviderPaymentStatus expected)
    {
        var said = await ReadAsync(s =>
        {
            s["status"] = status;
            s["payment_status"] = paid;
            if (intent is not null)
            {
                s["payment_intent"] = new JsonObject
                {
                    ["id"] = "pi_1",
                    ["object"] = "payment_intent",
                    ["status"] = intent,
                };
            }
        });

        Assert.Equal(expected, said.Status);
        Assert.Equal($"{status}/{paid}", said.Detail);
    }

    [Fact]
    public async Task What_must_match_our_order_is_told_as_it_is()
    {
        var said = await ReadAsync(s =>
        {
            s["amount_total"] = 99;
            s["currency"] = "usd";
            s["livemode"] = true;
            s["client_reference_id"] = "another";
            s["metadata"] = new JsonObject { ["payperuse_payment"] = "another" };
        });

        Assert.Equal(new Money(99, "USD"), said.Amount);
        Assert.Equal(PaymentMode.Live, said.Mode);
        Assert.Equal("another", said.Reference);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"payperuse_payment":"another"}""")]
    public async Task A_reference_that_a_stranger_put_into_a_payment_link_is_not_ours(string metadata)
    {
        var said = await ReadAsync(s => s["metadata"] = JsonNode.Parse(metadata));

        Assert.Null(said.Reference);
    }

    [Theory]
    [InlineData("subscription")]
    [InlineData("setup")]
    public async Task Another_kind_of_session_has_no_reference_of_ours(string mode)
    {
        var said = await ReadAsync(s => s["mode"] = mode);

        Assert.Null(said.Reference);
        Assert.Contains(mode, said.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_moment_of_payment_is_the_charges()
    {
        var said = await ReadAsync(s =>
        {
            s["status"] = "complete";
            s["payment_status"] = "paid";
            s["payment_intent"] = new JsonObject
            {
                ["id"] = "pi_1",
                ["object"] = "payment_intent",
                ["status"] = "succeeded",
                ["latest_charge"] = new JsonObject
                {
                    ["id"] = "ch_1",
                    ["object"] = "charge",
                    ["created"] = 1795521600,
                },
            };
        });

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795521600), said.PaidAt);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1234567890), said.ExpiresAt);
    }

    [Theory]
    [InlineData("http://evil.example/pay")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:pw@checkout.stripe.com/")]
    [InlineData("http://127.0.0.1/pay")]
    public async Task Nobody_is_sent_to_a_link_that_is_not_https(string url)
    {
        var said = await ReadAsync(s => s["url"] = url);

        Assert.Null(said.CheckoutUrl);
    }

    [Theory]
    [InlineData("amount_total")]
    [InlineData("currency")]
    public async Task A_session_without_what_we_compare_is_no_answer(string field)
    {
        await Assert.ThrowsAsync<PaymentProviderException>(() => ReadAsync(s => s[field] = null));
    }

    private static async Task<ProviderPayment> ReadAsync(Action<JsonObject> change)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => Answer.Ok(FakeStripe.Session(change));
        using var services = Orders.Services(stripe.Address);
        var said = await services.Provider().GetPaymentAsync(Orders.Known(), Token);
        var request = Assert.Single(stripe.Requests);
        Assert.Contains("expand[0]=payment_intent.latest_charge", request.Query, StringComparison.Ordinal);
        return said!;
    }
}
