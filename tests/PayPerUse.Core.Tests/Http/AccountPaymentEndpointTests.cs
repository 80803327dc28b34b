using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Core.Tests.Receipts;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>GET /payments and the two steps of a withdrawal.</summary>
public sealed class AccountPaymentEndpointTests
{
    [Fact]
    public async Task A_withdrawal_is_quoted_confirmed_and_acknowledged_on_the_receipt()
    {
        await using var house = await StartAsync();
        var id = await PayAsync(house);

        var quote = await JsonAsync(house, HttpMethod.Get, $"/payments/{id}/withdrawal");
        Assert.True(quote.GetProperty("isOpen").GetBoolean());
        Assert.Equal(5, quote.GetProperty("credits").GetInt64());
        Assert.Equal(100, quote.GetProperty("amount").GetProperty("amount").GetInt64());
        Assert.Equal("2026-12-08T23:00:00Z", quote.GetProperty("until").GetString());

        var body = new JsonObject { ["amount"] = 100 };
        var done = await JsonAsync(house, HttpMethod.Post, $"/payments/{id}/withdrawal", body);
        var again = await JsonAsync(house, HttpMethod.Post, $"/payments/{id}/withdrawal", body);
        Assert.Equal("succeeded", done.GetProperty("withdrawals")[0].GetProperty("status").GetString());
        Assert.False(done.GetProperty("isOpen").GetBoolean());
        Assert.Equal(1, again.GetProperty("withdrawals").GetArrayLength());

        var page = await house.Client.GetStringAsync($"/payments/{id}/receipt", HttpHouse.Token);
        Assert.Contains("Credit note TEST-2026-000002", page, StringComparison.Ordinal);
        Assert.Contains("Your withdrawal", page, StringComparison.Ordinal);
        Assert.Contains("24 November 2026, 13:00:00 ", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_withdrawn_says_why()
    {
        await using var house = await StartAsync();
        var id = await PayAsync(house);
        using var eve = house.MakeClient("eve");

        Assert.Equal((404, "not-found"), await RefusalAsync(house, id, new JsonObject(), eve));
        Assert.Equal((400, "invalid-request"), await RefusalAsync(house, id, new JsonObject { ["amount"] = -1 }));
        Assert.Equal((409, "withdrawal-changed"), await RefusalAsync(house, id, new JsonObject { ["amount"] = 99 }));
        house.Clock!.Advance(TimeSpan.FromDays(15));
        Assert.Equal((409, "withdrawal-over"), await RefusalAsync(house, id, new JsonObject()));
    }

    [Fact]
    public async Task A_withdrawal_of_a_payment_that_a_person_must_look_at_is_acknowledged()
    {
        await using var house = await StartAsync();
        var id = await PayAsync(house);

        // Its refund is made, and right after that the provider says that it was never paid.
        house.Provider.AfterRefund = _ =>
        {
            house.Provider.Distort = p => p with { Status = ProviderPaymentStatus.Pending };
            return Task.CompletedTask;
        };

        var done = await JsonAsync(house, HttpMethod.Post, $"/payments/{id}/withdrawal", new JsonObject());

        Assert.Equal(PaymentStatus.Review, (await house.Payments.FindAsync(id, HttpHouse.Token))!.Status);
        Assert.False(done.GetProperty("isOpen").GetBoolean());
        Assert.Equal(0, done.GetProperty("credits").GetInt64());
        Assert.Equal(1, done.GetProperty("withdrawals").GetArrayLength());
    }

    [Fact]
    public async Task An_app_that_offers_no_withdrawal_says_so()
    {
        await using var house = await HttpHouse.StartAsync();
        Assert.Equal((404, "withdrawal-off"), await RefusalAsync(house, new string('a', 32), new JsonObject()));
    }

    [Fact]
    public async Task Payments_are_listed_newest_first_page_by_page_with_their_receipts()
    {
        await using var house = await StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, await PayAsync(house));
            if (i > 0)
            {
                // Two at the same moment: the order is still one order.
                house.Clock!.Advance(TimeSpan.FromSeconds(1));
            }
        }

        using var receipt = await house.Client.GetAsync($"/payments/{ids[0]}/receipt", HttpHouse.Token);
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await JsonAsync(
                house,
                HttpMethod.Get,
                "/payments?limit=2" + (next is null ? "" : "&before=" + next)
            );
            seen.AddRange(page.GetProperty("payments").EnumerateArray().Select(p => p.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
        } while (next is not null);

        Assert.Equal(ids.Order(), seen.Order());
        Assert.Equal(5, seen.Count);
        var newest = (await JsonAsync(house, HttpMethod.Get, "/payments")).GetProperty("payments")[0];
        Assert.Equal(ids[0], newest.GetProperty("id").GetString());
        Assert.Equal("TEST-2026-000001", newest.GetProperty("receiptNumbers")[0].GetString());
        Assert.Equal($"/payments/{ids[0]}/receipt", newest.GetProperty("receipt").GetString());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("before=x")]
    [InlineData("before=MTIz")]
    public async Task A_wrong_page_is_refused(string query)
    {
        await using var house = await StartAsync();
        using var answer = await house.Client.GetAsync("/payments?" + query, HttpHouse.Token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static Task<HttpHouse> StartAsync() =>
        HttpHouse.StartAsync(s =>
        {
            s.FreezeTime();
            s.Options = o => o.Withdrawal.Days = 14;
            s.PayPerUse = b => b.AddSeller(Sint.Sells);
        });

    private static async Task<string> PayAsync(HttpHouse house)
    {
        var order = new CheckoutOrder(HttpHouse.Anna, "five");
        var made = await house.Services.GetRequiredService<CheckoutService>().CreateAsync(order, HttpHouse.Token);
        house.Provider.Set(made.Payment!.Id, ProviderPaymentStatus.Paid);
        await house
            .Services.GetRequiredService<PaymentSettler>()
            .SettleAsync(made.Payment.Id, PaymentTrigger.Webhook, HttpHouse.Token);
        return made.Payment.Id;
    }

    private static async Task<JsonElement> JsonAsync(
        HttpHouse house,
        HttpMethod method,
        string path,
        JsonNode? body = null
    )
    {
        using var answer = await house.SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync(HttpHouse.Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<(int Status, string? Code)> RefusalAsync(
        HttpHouse house,
        string id,
        JsonNode body,
        HttpClient? client = null
    )
    {
        using var answer = await house.SendAsync(HttpMethod.Post, $"/payments/{id}/withdrawal", body, client: client);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(HttpHouse.Token));
        return ((int)answer.StatusCode, json.RootElement.GetProperty("code").GetString());
    }
}
