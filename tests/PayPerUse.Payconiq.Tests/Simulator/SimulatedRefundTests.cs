using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Simulator;

/// <summary>Money goes back, over the real wire of the simulated bank.</summary>
public sealed class SimulatedRefundTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 12, 5, 18, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refund_from_our_side_takes_its_credits_and_is_followed_until_the_money_moved()
    {
        await using var shop = await SimulatedShop.StartAsync(clock: _clock);
        var payment = await PaidAsync(shop);

        var asked = await RefundAsync(shop, payment, 40);
        _clock.Advance(TimeSpan.FromMinutes(2));
        var settled = await shop.Settler.SettleAsync(payment.Id, PaymentTrigger.Sweep, Token);

        Assert.Equal(PaymentRefundStatus.Pending, asked.Refund!.Status);
        Assert.Equal(PaymentRefundStatus.Succeeded, Assert.Single(settled!.Refunds).Status);
        Assert.Equal(3, await BalanceAsync(shop));
    }

    [Fact]
    public async Task A_refund_that_fails_gives_the_credits_back()
    {
        await using var shop = await SimulatedShop.StartAsync(clock: _clock);
        var payment = await PaidAsync(shop);
        var asked = await RefundAsync(shop, payment, 100);
        Assert.Equal(0, await BalanceAsync(shop));

        await PostAsync(shop, payment, $"refunds/{asked.Refund!.ProviderRefundId}/fail");
        _clock.Advance(TimeSpan.FromMinutes(2));
        var settled = await shop.Settler.SettleAsync(payment.Id, PaymentTrigger.Sweep, Token);

        Assert.Equal(PaymentStatus.Paid, settled!.Status);
        Assert.Equal(5, await BalanceAsync(shop));
    }

    [Fact]
    public async Task A_refund_in_the_portal_is_heard_of_by_reconciliation()
    {
        await using var shop = await SimulatedShop.StartAsync(clock: _clock);
        var payment = await PaidAsync(shop);
        await PostAsync(shop, payment, "refunds", """{"amount":60}""");
        _clock.Advance(TimeSpan.FromMinutes(2));

        await shop.Get<ReversalFeeds>().ReadAsync(Token);
        await shop.Get<ReconciliationWorker>().SweepPaymentsAsync(Token);

        Assert.Equal(2, await BalanceAsync(shop));
    }

    [Fact]
    public async Task A_refund_whose_answer_was_lost_is_made_once()
    {
        await using var shop = await SimulatedShop.StartAsync(
            clock: _clock,
            payconiq: o => o.Resilience.MaxRetries = 0
        );
        var payment = await PaidAsync(shop);
        var refund = new PaymentRefund
        {
            Id = payment.Id + "-r1",
            Source = PaymentRefundSource.Asked,
            Amount = payment.Price,
            Status = PaymentRefundStatus.Requested,
            At = _clock.GetUtcNow(),
        };
        var provider = (IRefundProvider)shop.Provider;
        await WeatherAsync(shop, """{"apiLostPercent":100}""");
        var e = await Assert.ThrowsAsync<PaymentProviderException>(() =>
            provider.StartRefundAsync(payment, refund, Token)
        );
        Assert.Equal(PaymentProviderFailure.Unknown, e.Failure);

        await WeatherAsync(shop, """{"calm":true}""");
        var again = await provider.StartRefundAsync(payment, refund, Token);
        _clock.Advance(TimeSpan.FromMinutes(10));
        var found = await provider.FindRefundAsync(payment, refund, Token);

        Assert.Equal(again.ProviderRefundId, found!.ProviderRefundId);
        Assert.Equal(PaymentRefundStatus.Succeeded, found.Status);
        var state = await shop.Browser.GetFromJsonAsync<JsonElement>("/simulator/bancontact/state", Token);
        Assert.Single(state.GetProperty("payments")[0].GetProperty("refunds").EnumerateArray());
    }

    [Fact]
    public async Task Reconciliation_and_the_doctor_leave_it_alone_until_the_server_listens()
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder(
            new Microsoft.AspNetCore.Builder.WebApplicationOptions { EnvironmentName = "Development" }
        );
        builder.Services.AddPayPerUse().AddPayconiqSimulator();
        await using var asleep = builder.Build();
        await using var awake = await SimulatedShop.StartAsync();

        Assert.False(((IReversalFeed)asleep.Services.GetRequiredService<IPaymentProvider>()).IsReadable);
        Assert.True(((IReversalFeed)awake.Provider).IsReadable);
        var asleepFindings = await (
            (IProviderDiagnosis)asleep.Services.GetRequiredService<IPaymentProvider>()
        ).DiagnoseAsync(Token);
        var awakeFindings = await ((IProviderDiagnosis)awake.Provider).DiagnoseAsync(Token);
        Assert.Equal(DoctorVerdict.Warning, Assert.Single(asleepFindings).Verdict);
        Assert.Equal([DoctorVerdict.Good], awakeFindings.Select(f => f.Verdict).Distinct());
    }

    [Fact]
    public async Task More_than_was_paid_does_not_go_back()
    {
        await using var shop = await SimulatedShop.StartAsync(clock: _clock);
        var payment = await PaidAsync(shop);
        await PostAsync(shop, payment, "refunds", """{"amount":60}""");

        using var more = await shop.Browser.PostAsJsonAsync(
            $"/simulator/bancontact/payments/{payment.ProviderPaymentId}/refunds",
            new { amount = 41 },
            Token
        );

        Assert.Equal(HttpStatusCode.UnprocessableEntity, more.StatusCode);
        Assert.Contains("INVALID_REFUND_AMOUNT", await more.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task A_shop_without_activated_refunds_is_refused_and_its_customer_keeps_the_credits()
    {
        await using var shop = await SimulatedShop.StartAsync(o => o.RefundsActivated = false, clock: _clock);
        var payment = await PaidAsync(shop);

        var asked = await RefundAsync(shop, payment, 100);

        Assert.Equal(PaymentOrderStatus.Failed, asked.Status);
        Assert.Equal(5, await BalanceAsync(shop));
    }

    private static async Task<Payment> PaidAsync(SimulatedShop shop)
    {
        var payment = await shop.OrderAsync();
        await PostAsync(shop, payment, "approve");
        return (await shop.Settler.SettleAsync(payment.Id, PaymentTrigger.Webhook, Token))!;
    }

    private static Task<PaymentOrderResult> RefundAsync(SimulatedShop shop, Payment payment, long cents) =>
        shop.Get<PaymentService>()
            .RefundAsync(
                new RefundOrder(payment.Id, RefundExtent.Amount, "test") { Amount = new Money(cents, "EUR") },
                Token
            );

    private static async Task<long> BalanceAsync(SimulatedShop shop) =>
        (await shop.Ledger.ReadBalanceAsync(new AccountId("nick"), Token)).Balance;

    private static Task WeatherAsync(SimulatedShop shop, string json) => SendAsync(shop, "weather", json);

    private static Task PostAsync(SimulatedShop shop, Payment payment, string action, string? json = null) =>
        SendAsync(shop, $"payments/{payment.ProviderPaymentId}/{action}", json);

    private static async Task SendAsync(SimulatedShop shop, string path, string? json)
    {
        using var content = json is null
            ? null
            : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await shop.Browser.PostAsync("/simulator/bancontact/" + path, content, Token);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
