using System.Text.Json;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Wire;

public sealed class ProviderTests
{
    private const string Create = "POST /v3/payments";
    private const string Get = "GET /v3/payments/" + Recorded.PaymentId;
    private const string Delete = "DELETE /v3/payments/" + Recorded.PaymentId;
    private const string Search = "POST /v3/payments/search?page=0&size=50";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Payment Known => Recorded.Order() with { ProviderPaymentId = Recorded.PaymentId };

    [Fact]
    public async Task A_checkout_sends_the_order_and_takes_the_link_and_the_expiry()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Create, 201, Recorded.Created());

        var started = await api.Provider().StartCheckoutAsync(Recorded.Order("Vijf café’s & meer"), Token);

        var sent = Assert.Single(api.Requests);
        Assert.Equal("Bearer " + FakeApi.ApiKey, sent.Authorization);
        var body = JsonElement.Parse(sent.Body);
        Assert.Equal(100, body.GetProperty("amount").GetInt64());
        Assert.Equal("EUR", body.GetProperty("currency").GetString());
        Assert.Equal(Recorded.Reference, body.GetProperty("reference").GetString());
        Assert.Equal("Vijf cafe's + meer", body.GetProperty("description").GetString());
        Assert.Equal("https://sint.example/payments/webhook/payconiq", body.GetProperty("callbackUrl").GetString());
        Assert.EndsWith("/return", body.GetProperty("returnUrl").GetString(), StringComparison.Ordinal);
        Assert.Equal(Recorded.PaymentId, started.ProviderPaymentId);
        Assert.Equal(ProviderPaymentStatus.Pending, started.Status);
        Assert.Equal(new Uri("https://payconiq.com/pay/2/" + Recorded.PaymentId), started.CheckoutUrl);
        Assert.Equal(Recorded.Order().ExpiresAt.AddTicks(1234567), started.ExpiresAt);
        Assert.Equal(PaymentMode.Test, started.Mode);
    }

    [Fact]
    public async Task The_api_base_may_have_a_path()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST /gateway/v3/payments", 201, Recorded.Created());

        await api.Provider(o => o.ApiBase = new Uri(api.Address, "/gateway"))
            .StartCheckoutAsync(Recorded.Order(), Token);

        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData("http://payconiq.com/pay", null, null)]
    [InlineData("javascript:alert(1)", "https://pay.bancontact.net/c", "https://pay.bancontact.net/c")]
    [InlineData("https://user@payconiq.com/pay", null, null)]
    [InlineData("http://127.0.0.1/pay", null, null)]
    public async Task Nobody_is_sent_to_a_link_that_is_not_https(string deeplink, string? checkout, string? expected)
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Create, 201, Recorded.Created(deeplink, checkout));
        var start = api.Provider().StartCheckoutAsync(Recorded.Order(), Token);

        if (expected is null)
        {
            // It exists there, so it must be swept: not "rejected".
            var e = await Assert.ThrowsAsync<PaymentProviderException>(() => start);
            Assert.Equal(PaymentProviderFailure.Unknown, e.Failure);
        }
        else
        {
            Assert.Equal(new Uri(expected), (await start).CheckoutUrl);
        }
    }

    [Theory]
    [InlineData("PENDING", ProviderPaymentStatus.Pending)]
    [InlineData("IDENTIFIED", ProviderPaymentStatus.Pending)]
    [InlineData("AUTHORIZED", ProviderPaymentStatus.Processing)]
    [InlineData("PENDING_MERCHANT_ACKNOWLEDGEMENT", ProviderPaymentStatus.Processing)]
    [InlineData("SUCCEEDED", ProviderPaymentStatus.Paid)]
    [InlineData("AUTHORIZATION_FAILED", ProviderPaymentStatus.Failed)]
    [InlineData("FAILED", ProviderPaymentStatus.Failed)]
    [InlineData("CANCELLED", ProviderPaymentStatus.Canceled)]
    [InlineData("EXPIRED", ProviderPaymentStatus.Expired)]
    [InlineData("VOIDED", ProviderPaymentStatus.Canceled)]
    [InlineData("SOMETHING_OF_TOMORROW", ProviderPaymentStatus.Pending)]
    [InlineData("succeeded", ProviderPaymentStatus.Pending)]
    public async Task Only_succeeded_is_paid(string word, ProviderPaymentStatus status)
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Get, 200, Recorded.Read(word, ",\"succeededAt\":\"2026-11-24T02:01:00.5Z\""));

        var said = await api.Provider().GetPaymentAsync(Known, Token);

        Assert.Equal(status, said!.Status);
        Assert.Equal(status == ProviderPaymentStatus.Paid, said.PaidAt is not null);
        Assert.Equal(Recorded.Order().ExpiresAt.AddMilliseconds(123), said.ExpiresAt);
    }

    [Fact]
    public async Task Amount_currency_and_reference_are_told_as_the_provider_has_them()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(
            Get,
            200,
            """{"paymentId":"other","status":"SUCCEEDED","amount":99,"currency":"USD","reference":"theirs"}"""
        );

        var said = await api.Provider().GetPaymentAsync(Known, Token);

        Assert.Equal(("other", new Money(99, "USD"), "theirs"), (said!.ProviderPaymentId, said.Amount, said.Reference));
    }

    [Fact]
    public async Task A_payment_without_a_provider_id_is_searched_by_reference_from_before_the_order()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(
            Search,
            200,
            $$"""{"size":2,"totalPages":1,"totalElements":2,"number":0,"details":[{"paymentId":"x","status":"SUCCEEDED","amount":1,"currency":"EUR","reference":"another"},{{Recorded.Read("IDENTIFIED")}}]}"""
        );

        var said = await api.Provider().GetPaymentAsync(Recorded.Order(), Token);

        var body = JsonElement.Parse(Assert.Single(api.Requests).Body);
        Assert.Equal(Recorded.Reference, body.GetProperty("reference").GetString());
        Assert.Equal("2026-11-24T01:00:00.000Z", body.GetProperty("from").GetString());
        Assert.Equal(Recorded.PaymentId, said!.ProviderPaymentId);
    }

    [Fact]
    public async Task A_search_reads_on_to_the_last_page_before_it_says_that_there_is_none()
    {
        await using var api = await FakeApi.StartAsync();
        const string Other =
            """{"paymentId":"x","status":"PENDING","amount":1,"currency":"EUR","reference":"another"}""";
        api.On(Search, 200, $$"""{"totalPages":2,"details":[{{Other}}]}""");
        api.On("POST /v3/payments/search?page=1&size=50", 200, $$"""{"totalPages":2,"details":[{{Other}}]}""");

        Assert.Null(await api.Provider().GetPaymentAsync(Recorded.Order(), Token));
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task Only_the_api_s_own_not_found_means_that_there_is_no_such_payment()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Get, 404, Recorded.Error("PAYMENT_NOT_FOUND")).On(Get, 404, "<html>nothing here</html>");
        var provider = api.Provider();

        Assert.Null(await provider.GetPaymentAsync(Known, Token));
        var e = await Assert.ThrowsAsync<PaymentProviderException>(() => provider.GetPaymentAsync(Known, Token));
        Assert.Equal(PaymentProviderFailure.Rejected, e.Failure);
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(422, "PAYMENT_NOT_PENDING")]
    public async Task Calling_off_what_can_or_cannot_be_called_off_is_no_error(int status, string code)
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Delete, status, Recorded.Error(code));

        await api.Provider().CancelAsync(Known, Token);

        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Calling_off_with_a_wrong_key_is_an_error()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Delete, 401, Recorded.Error("UNAUTHORIZED"));

        var e = await Assert.ThrowsAsync<PaymentProviderException>(() => api.Provider().CancelAsync(Known, Token));

        Assert.Equal(PaymentProviderFailure.Rejected, e.Failure);
    }

    [Fact]
    public async Task A_pack_in_another_currency_is_refused()
    {
        await using var api = await FakeApi.StartAsync();
        var provider = api.Provider();

        Assert.Null(provider.RefusePack(new CreditPack("five", 5, Money.Euro(1))));
        Assert.Contains("EUR only", provider.RefusePack(new CreditPack("five", 5, new Money(100, "USD"))));
    }
}
