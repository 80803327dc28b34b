using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Simulator;

/// <summary>Weather on command, and what a shop makes of it.</summary>
public sealed class SimulatorWeatherTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Duplicated_callbacks_are_the_same_bytes()
    {
        await using var shop = await SimulatedShop.StartAsync();
        await SetAsync(shop, """{"callbackCopies":3}""");
        var payment = await shop.OrderAsync();

        await ActAsync(shop, payment, "approve");
        var verdicts = await shop.WaitForCallbacksAsync(3);

        Assert.All(verdicts, v => Assert.Equal(WebhookAuthenticity.Genuine, v.Authenticity));
        Assert.Single(shop.Callbacks.Select(c => c.Message.Headers["signature"]).Distinct());
    }

    [Fact]
    public async Task A_corrupted_callback_is_refused_and_the_payment_is_settled_by_asking()
    {
        await using var shop = await SimulatedShop.StartAsync();
        await SetAsync(shop, """{"callbackCorruptPercent":100}""");
        var payment = await shop.OrderAsync();

        await ActAsync(shop, payment, "approve");
        var verdict = Assert.Single(await shop.WaitForCallbacksAsync(1));
        var settled = await shop.Settler.SettleAsync(payment.Id, PaymentTrigger.Sweep, Token);

        Assert.Equal(WebhookAuthenticity.Forged, verdict.Authenticity);
        Assert.Equal(PaymentStatus.Paid, settled!.Status);
    }

    [Fact]
    public async Task A_lost_callback_is_not_sent_and_shows_in_the_state()
    {
        await using var shop = await SimulatedShop.StartAsync();
        await SetAsync(shop, """{"callbackLostPercent":100}""");
        var payment = await shop.OrderAsync();
        await ActAsync(shop, payment, "approve");
        await SetAsync(shop, """{"callbackLostPercent":0}""");

        await ActAsync(shop, payment, "callback");
        await shop.WaitForCallbacksAsync(1);

        var state = await StateAsync(shop);
        Assert.Contains(
            state.GetProperty("callbacks").EnumerateArray(),
            c => c.GetProperty("outcome").GetString() == "lost by the weather"
        );
        Assert.Single(shop.Callbacks);
    }

    [Fact]
    public async Task Late_callbacks_overtake_each_other()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var first = await shop.OrderAsync();
        await SetAsync(shop, """{"callbackDelayMs":1500}""");
        await ActAsync(shop, first, "approve");
        await SetAsync(shop, """{"callbackDelayMs":0}""");
        var second = await shop.Checkout.CreateAsync(
            new CheckoutOrder(new PayPerUse.Credits.AccountId("other"), "five"),
            Token
        );

        await ActAsync(shop, second.Payment!, "approve");
        var verdicts = await shop.WaitForCallbacksAsync(2);

        Assert.Equal([second.Payment!.Id, first.Id], verdicts.Select(v => v.PaymentId));
    }

    [Fact]
    public async Task An_api_that_fails_before_its_effect_makes_nothing()
    {
        await using var shop = await SimulatedShop.StartAsync(payconiq: o => o.Resilience.MaxRetries = 0);
        await SetAsync(shop, """{"apiFailPercent":100}""");

        await Assert.ThrowsAnyAsync<Exception>(shop.OrderAsync);

        Assert.Empty((await StateAsync(shop)).GetProperty("payments").EnumerateArray());
    }

    [Fact]
    public async Task An_api_whose_answer_is_lost_made_the_payment_and_it_is_found_by_its_reference()
    {
        await using var shop = await SimulatedShop.StartAsync(payconiq: o => o.Resilience.MaxRetries = 0);
        await SetAsync(shop, """{"apiLostPercent":100}""");
        await Assert.ThrowsAnyAsync<Exception>(shop.OrderAsync);
        await SetAsync(shop, """{"calm":true}""");
        var made = Assert.Single((await StateAsync(shop)).GetProperty("payments").EnumerateArray());

        using var paid = await shop.Browser.PostAsync(
            $"/simulator/bancontact/payments/{made.GetProperty("paymentId").GetString()}/approve",
            null,
            Token
        );
        var settled = await shop.Settler.SettleAsync(
            made.GetProperty("reference").GetString()!,
            PaymentTrigger.Sweep,
            Token
        );

        Assert.Equal(PaymentStatus.Paid, settled!.Status);
    }

    [Fact]
    public async Task A_rotated_key_is_published_beside_the_old_until_that_is_retired()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var before = await KeysAsync(shop);

        using (await shop.Browser.PostAsync("/simulator/bancontact/keys/rotate", null, Token)) { }

        var both = await KeysAsync(shop);
        using (await shop.Browser.PostAsync("/simulator/bancontact/keys/retire", null, Token)) { }

        var after = await KeysAsync(shop);
        var payment = await shop.OrderAsync();
        await ActAsync(shop, payment, "approve");
        var verdict = Assert.Single(await shop.WaitForCallbacksAsync(1));
        Assert.Equal(2, both.Length);
        Assert.Contains(Assert.Single(before), both);
        Assert.DoesNotContain(before[0], after);
        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
    }

    [Theory]
    [InlineData("expire", "EXPIRED", PaymentStatus.Expired)]
    [InlineData("fail", "FAILED", PaymentStatus.Failed)]
    public async Task Other_ends_come_on_command(string action, string word, PaymentStatus status)
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();

        var answer = await ActAsync(shop, payment, action);

        Assert.Equal(word, answer.GetProperty("status").GetString());
        Assert.Equal(status, (await shop.Settler.SettleAsync(payment.Id, PaymentTrigger.Webhook, Token))!.Status);
    }

    [Fact]
    public async Task Signatures_in_der_are_genuine_too()
    {
        await using var shop = await SimulatedShop.StartAsync(o => o.Weather = new() { DerSignatures = true });
        var payment = await shop.OrderAsync();

        await ActAsync(shop, payment, "approve");

        Assert.Equal(WebhookAuthenticity.Genuine, Assert.Single(await shop.WaitForCallbacksAsync(1)).Authenticity);
    }

    [Theory]
    [InlineData("""{"callbackCopies":0}""", "callbackCopies")]
    [InlineData("""{"apiFailPercent":101}""", "apiFailPercent")]
    [InlineData("""{"apiFailPercent":"many"}""", "apiFailPercent")]
    [InlineData("""{"apiFailPercent":1.5}""", "apiFailPercent")]
    [InlineData("""{"rain":1}""", "rain")]
    [InlineData("[]", "object")]
    [InlineData("""{"apiFailPercent":1,"apiFailPercent":2}""", "JSON")]
    [InlineData("""{"\ud83d":1}""", "Unicode")]
    [InlineData("""{"apiFailPercent":"\ud83d"}""", "Unicode")]
    [InlineData("""{"apiFailPercent":"\u0000"}""", "apiFailPercent")]
    public async Task Weather_that_there_is_not_is_refused_and_changes_nothing(string json, string named)
    {
        await using var shop = await SimulatedShop.StartAsync();
        await SetAsync(shop, """{"apiFailPercent":7}""");
        using var content = new StringContent(json, Encoding.UTF8, "application/json");

        using var response = await shop.Browser.PostAsync("/simulator/bancontact/weather", content, Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(7, (await StateAsync(shop)).GetProperty("weather").GetProperty("apiFailPercent").GetInt32());
    }

    [Theory]
    [InlineData("weather")]
    [InlineData("keys/rotate")]
    [InlineData("payments/{0}/approve")]
    [InlineData("payments/{0}/callback")]
    [InlineData("payments/{0}/refunds")]
    public async Task A_form_that_ends_early_is_refused_and_does_nothing(string path)
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();
        var before = await StateAsync(shop);
        using var content = new StringContent("--x\r\nContent-Disposition: form-data; name=page\r\n\r\nbo");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");

        using var answer = await shop.Browser.PostAsync(
            "/simulator/bancontact/" + string.Format(CultureInfo.InvariantCulture, path, payment.ProviderPaymentId),
            content,
            Token
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("FIELD_IS_INVALID", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(before.GetRawText(), (await StateAsync(shop)).GetRawText());
    }

    [Fact]
    public async Task A_portal_refund_of_an_amount_that_is_no_text_is_refused()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();
        await ActAsync(shop, payment, "approve");
        using var content = new StringContent("""{"amount":"\ud83d"}""", Encoding.UTF8, "application/json");

        using var answer = await shop.Browser.PostAsync(
            $"/simulator/bancontact/payments/{payment.ProviderPaymentId}/refunds",
            content,
            Token
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_page_shows_payments_refunds_callbacks_and_keys_and_its_forms_come_back_to_it()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();
        await PostFormAsync(shop, $"payments/{payment.ProviderPaymentId}/approve", []);
        await PostFormAsync(shop, $"payments/{payment.ProviderPaymentId}/refunds", new() { ["amount"] = "40" });
        await PostFormAsync(shop, "weather", new() { ["apiDelayMs"] = "1", ["paymentSeconds"] = "" });
        await shop.WaitForCallbacksAsync(1);

        var html = await shop.Browser.GetStringAsync("/simulator/bancontact", Token);

        Assert.Contains(payment.ProviderPaymentId!, html);
        Assert.Contains("SUCCEEDED", html);
        Assert.Contains("Refund of €0.40", html);
        Assert.Contains("name=\"apiDelayMs\" min=\"0\" value=\"1\"", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("style=", html);
    }

    private static async Task PostFormAsync(SimulatedShop shop, string path, Dictionary<string, string> fields)
    {
        fields["page"] = "board";
        using var content = new FormUrlEncodedContent(fields);
        using var response = await shop.Browser.PostAsync("/simulator/bancontact/" + path, content, Token);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/simulator/bancontact", response.Headers.Location!.OriginalString);
    }

    private static async Task SetAsync(SimulatedShop shop, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await shop.Browser.PostAsync("/simulator/bancontact/weather", content, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<JsonElement> ActAsync(SimulatedShop shop, Payment payment, string action)
    {
        using var response = await shop.Browser.PostAsync(
            $"/simulator/bancontact/payments/{payment.ProviderPaymentId}/{action}",
            null,
            Token
        );
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static Task<JsonElement> StateAsync(SimulatedShop shop) =>
        shop.Browser.GetFromJsonAsync<JsonElement>("/simulator/bancontact/state", Token);

    private static async Task<string[]> KeysAsync(SimulatedShop shop) =>
        [
            .. (await shop.Browser.GetFromJsonAsync<JsonElement>("/simulator/bancontact/jwks", Token))
                .GetProperty("keys")
                .EnumerateArray()
                .Select(k => k.GetProperty("kid").GetString()!),
        ];
}
