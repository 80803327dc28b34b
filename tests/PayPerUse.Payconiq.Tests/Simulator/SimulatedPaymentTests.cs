using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Simulator;

public sealed class SimulatedPaymentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_that_is_approved_is_told_of_with_a_genuine_callback_and_grants_its_credits()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();

        var answer = await PostAsync(shop, payment, "approve");
        var verdict = Assert.Single(await shop.WaitForCallbacksAsync(1));
        var settled = await shop.Settler.SettleAsync(verdict.PaymentId!, PaymentTrigger.Webhook, Token);

        Assert.Equal("SUCCEEDED", answer.GetProperty("status").GetString());
        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
        Assert.Equal(payment.Id, verdict.PaymentId);
        Assert.Equal(payment.ProviderPaymentId, verdict.ProviderPaymentId);
        Assert.Equal(PaymentStatus.Paid, settled!.Status);
        Assert.NotNull(settled.PaidAt);
        Assert.Equal(5, (await shop.Ledger.ReadBalanceAsync(new AccountId("nick"), Token)).Balance);
    }

    [Fact]
    public async Task Our_own_webhook_address_takes_the_callback_and_grants_with_nobody_asking()
    {
        await using var shop = await SimulatedShop.StartAsync(hasHttp: true);
        var payment = await shop.OrderAsync();
        Assert.Equal("/shop/payments/webhook/payconiq", payment.CallbackUrl.AbsolutePath);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));

        await PostAsync(shop, payment, "approve");
        while ((await shop.Store.FindAsync(payment.Id, patience.Token))!.Status != PaymentStatus.Paid)
        {
            await Task.Delay(10, patience.Token);
        }

        Assert.Equal(5, (await shop.Ledger.ReadBalanceAsync(new AccountId("nick"), Token)).Balance);
    }

    [Theory]
    [InlineData("decline", "AUTHORIZATION_FAILED", PaymentStatus.Failed)]
    [InlineData("cancel", "CANCELLED", PaymentStatus.Canceled)]
    public async Task A_payment_that_is_not_paid_ends_without_credits(string action, string word, PaymentStatus status)
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();

        var answer = await PostAsync(shop, payment, action);
        var verdict = Assert.Single(await shop.WaitForCallbacksAsync(1));
        var settled = await shop.Settler.SettleAsync(payment.Id, PaymentTrigger.Webhook, Token);

        Assert.Equal(word, answer.GetProperty("status").GetString());
        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
        Assert.Equal(status, settled!.Status);
    }

    [Fact]
    public async Task The_checkout_is_a_test_payment_that_leads_to_a_page_ending_in_the_provider_s_id()
    {
        await using var shop = await SimulatedShop.StartAsync();

        var payment = await shop.OrderAsync();

        Assert.Equal(24, payment.ProviderPaymentId!.Length);
        Assert.Equal(PaymentMode.Test, payment.Mode);
        Assert.Equal(
            new Uri(shop.Address, "/simulator/bancontact/pay/" + payment.ProviderPaymentId),
            payment.CheckoutUrl
        );
    }

    [Fact]
    public async Task What_ended_stays_ended()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();
        await PostAsync(shop, payment, "decline");

        using var late = await shop.Browser.PostAsync(Path(payment, "approve"), null, Token);
        using var again = await shop.Browser.PostAsync(Path(payment, "decline"), null, Token);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        Assert.Contains("PAYMENT_NOT_PENDING", await late.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(ProviderPaymentStatus.Failed, (await shop.Provider.GetPaymentAsync(payment, Token))!.Status);
    }

    [Fact]
    public async Task Approving_many_times_at_once_rings_once()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(shop, payment, "approve")));
        var second = await shop.Checkout.CreateAsync(new CheckoutOrder(new AccountId("other"), "five"), Token);
        await PostAsync(shop, second.Payment!, "cancel");
        var verdicts = await shop.WaitForCallbacksAsync(2);

        Assert.Single(verdicts, v => v.PaymentId == payment.Id);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_callback_that_was_not_taken_comes_again_byte_for_byte(int status)
    {
        await using var shop = await SimulatedShop.StartAsync();
        shop.Answers.Enqueue(status);
        shop.Answers.Enqueue(status);
        var payment = await shop.OrderAsync();

        await PostAsync(shop, payment, "approve");
        await shop.WaitForCallbacksAsync(3);

        var sent = shop.Callbacks.Select(c => c.Message).ToArray();
        Assert.Single(sent.Select(m => m.Headers["signature"]).Distinct());
        Assert.Single(sent.Select(m => Convert.ToHexString(m.Body.Span)).Distinct());
    }

    [Fact]
    public async Task A_payment_that_nobody_pays_expires_and_is_told_of()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 12, 5, 18, 0, 0, TimeSpan.Zero));
        await using var shop = await SimulatedShop.StartAsync(clock: clock);
        var payment = await shop.OrderAsync();

        clock.Advance(TimeSpan.FromMinutes(21));
        var verdict = Assert.Single(await shop.WaitForCallbacksAsync(1));
        var settled = await shop.Settler.SettleAsync(verdict.PaymentId!, PaymentTrigger.Webhook, Token);

        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
        Assert.Equal(PaymentStatus.Expired, settled!.Status);
        Assert.Equal(payment.CreatedAt + TimeSpan.FromMinutes(20), settled.ExpiresAt);
    }

    [Fact]
    public async Task The_shop_calls_off_its_own_payment()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();

        var ended = await shop.Checkout.CancelAsync(payment.Id, Token);
        await shop.Provider.CancelAsync(payment, Token);

        Assert.True(ended.IsCanceled);
    }

    [Fact]
    public async Task A_payment_with_a_lost_answer_is_found_by_our_reference()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();

        var found = await shop.Provider.GetPaymentAsync(payment with { ProviderPaymentId = null }, Token);
        var none = await shop.Provider.GetPaymentAsync(
            payment with
            {
                ProviderPaymentId = null,
                Id = new string('0', 32),
            },
            Token
        );

        Assert.Equal(payment.ProviderPaymentId, found!.ProviderPaymentId);
        Assert.Equal(payment.CheckoutUrl, found.CheckoutUrl);
        Assert.Null(none);
    }

    private static string Path(Payment payment, string action) =>
        $"/simulator/bancontact/payments/{payment.ProviderPaymentId}/{action}";

    private static async Task<JsonElement> PostAsync(SimulatedShop shop, Payment payment, string action)
    {
        using var response = await shop.Browser.PostAsync(Path(payment, action), null, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }
}
