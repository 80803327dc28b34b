using System.Text.Json.Nodes;
using PayPerUse.Payments;

namespace PayPerUse.Stripe.Tests;

/// <summary>Our reading of Stripe's own fixtures, changed where the test says.</summary>
public sealed class ReversalAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_paid_session_tells_its_payment_intent_and_that_nothing_went_back()
    {
        var said = await ReadAsync(FakeStripe.PaidSession());

        Assert.Equal("pi_1PgafyB7WZ01zgkWSjxsAJo3", said.ChargeId);
        Assert.Equal(Sums(0, 0, 0), said.Reversals);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(100)]
    public async Task The_charge_s_own_sum_is_what_was_refunded(long cents)
    {
        var said = await ReadAsync(FakeStripe.PaidSession(c => c["amount_refunded"] = cents));

        Assert.Equal(Sums(cents, 0, 0), said.Reversals);
    }

    [Theory]
    [InlineData("succeeded", 40)]
    [InlineData("pending", 40)]
    [InlineData("requires_action", 40)]
    [InlineData("brand_new", 40)]
    [InlineData("failed", 0)]
    [InlineData("canceled", 0)]
    public async Task A_refund_counts_until_it_has_failed(string status, long expected)
    {
        var said = await ReadAsync(
            FakeStripe.PaidSession(c =>
            {
                var refund = FakeStripe.Resource("refund");
                refund["amount"] = 40;
                refund["currency"] = "eur";
                refund["status"] = status;
                c["refunds"]!["data"] = new JsonArray(refund);
                c["amount_refunded"] = 40;
            })
        );

        Assert.Equal(Sums(expected, 0, 0), said.Reversals);
    }

    [Theory]
    [InlineData("warning_needs_response", 0, 0, 100)]
    [InlineData("warning_under_review", 0, 0, 100)]
    [InlineData("warning_closed", 0, 0, 0)]
    [InlineData("needs_response", 0, 0, 100)]
    [InlineData("needs_response", -100, 100, 0)]
    [InlineData("under_review", -100, 100, 0)]
    [InlineData("lost", -100, 100, 0)]
    [InlineData("lost", 0, 100, 0)]
    [InlineData("won", 0, 0, 0)]
    [InlineData("prevented", 0, 0, 0)]
    [InlineData("brand_new", -30, 30, 70)]
    public async Task A_dispute_holds_what_its_balance_transactions_say(
        string status,
        long moved,
        long disputed,
        long contested
    )
    {
        var dispute = FakeStripe.Resource("dispute");
        dispute["amount"] = 100;
        dispute["currency"] = "eur";
        dispute["status"] = status;
        if (moved != 0)
        {
            dispute["balance_transactions"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "txn_1",
                    ["object"] = "balance_transaction",
                    ["amount"] = moved,
                    ["currency"] = "eur",
                    ["fee"] = 2000,
                    ["net"] = moved - 2000,
                }
            );
        }

        var said = await ReadAsync(FakeStripe.PaidSession(c => c["disputed"] = true), dispute);

        Assert.Equal(Sums(0, disputed, contested), said.Reversals);
    }

    [Fact]
    public async Task A_refund_of_the_fixtures_is_read()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => Answer.Ok(FakeStripe.Resource("refund"));
        using var services = Orders.Services(stripe.Address);

        var said = await ((IRefundProvider)services.Provider()).StartRefundAsync(
            Orders.Known() with
            {
                ChargeId = "pi_17",
            },
            Orders.Refund(),
            Token
        );

        Assert.Equal("re_1Pgc72B7WZ01zgkWqPvrRrPE", said.ProviderRefundId);
        Assert.Equal(PaymentRefundStatus.Succeeded, said.Status);
        Assert.Equal(new Money(100, "USD"), said.Amount);
        var request = Assert.Single(stripe.Requests);
        Assert.Equal(("pi_17", "40"), (request["payment_intent"], request["amount"]));
        Assert.Equal(Orders.Refund().Id, request.Headers["Idempotency-Key"]);
    }

    [Theory]
    [InlineData(400, "charge_already_refunded", PaymentProviderFailure.Rejected)]
    [InlineData(402, null, PaymentProviderFailure.Rejected)]
    [InlineData(401, null, PaymentProviderFailure.Unknown)]
    [InlineData(403, null, PaymentProviderFailure.Unknown)]
    [InlineData(404, "resource_missing", PaymentProviderFailure.Unknown)]
    [InlineData(302, null, PaymentProviderFailure.Unknown)]
    [InlineData(409, null, PaymentProviderFailure.Unknown)]
    [InlineData(500, null, PaymentProviderFailure.Unknown)]
    public async Task Only_what_Stripe_says_about_the_refund_itself_refuses_it(
        int status,
        string? code,
        PaymentProviderFailure expected
    )
    {
        var e = await FailRefundAsync(Answer.Error(status, "no", code));

        Assert.Equal(expected, e.Failure);
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_refund_leaves_us_in_doubt()
    {
        var e = await FailRefundAsync(Answer.Error(400, "no", type: "idempotency_error"));

        Assert.Equal(PaymentProviderFailure.Unknown, e.Failure);
    }

    [Fact]
    public async Task A_restricted_key_that_may_not_is_told_which_permission_it_needs()
    {
        var e = await FailRefundAsync(Answer.Error(403, "no"));

        Assert.Contains("Stripe:ApiKey", e.Message, StringComparison.Ordinal);
        Assert.Contains("Refunds (Charges): Write", e.Message, StringComparison.Ordinal);
    }

    private static ProviderReversals Sums(long refunded, long disputed, long contested) =>
        new()
        {
            Refunded = new Money(refunded, "EUR"),
            Disputed = new Money(disputed, "EUR"),
            Contested = new Money(contested, "EUR"),
        };

    private static async Task<PaymentProviderException> FailRefundAsync(Answer answer)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => answer;
        using var services = Orders.Services(stripe.Address);
        return await Assert.ThrowsAsync<PaymentProviderException>(() =>
            ((IRefundProvider)services.Provider()).StartRefundAsync(
                Orders.Known() with
                {
                    ChargeId = "pi_17",
                },
                Orders.Refund(),
                Token
            )
        );
    }

    private static async Task<ProviderPayment> ReadAsync(JsonObject session, params JsonObject[] disputes)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (r, _) => Answer.Ok(r.Path == "/v1/disputes" ? FakeStripe.List(disputes) : session);
        using var services = Orders.Services(stripe.Address);
        return (await services.Provider().GetPaymentAsync(Orders.Known(), Token))!;
    }
}
