using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Core.Tests.Receipts;
using PayPerUse.Http;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

public sealed class ReceiptEndpointTests
{
    [Fact]
    public async Task A_page_in_the_customer_s_language_shows_all_that_a_receipt_needs()
    {
        await using var house = await StartAsync();
        var id = await PayAsync(house);

        using var answer = await GetAsync(house, id, "nl-BE,nl;q=0.9");
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(HttpHouse.Token));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single());
        foreach (
            var text in new[]
            {
                "<html lang=\"nl\">",
                "Ontvangstbewijs TEST-2026-000001",
                "Sint & Co",
                "Kaai 1\n2000 Antwerpen",
                "0123.456.749",
                "BE0123456749",
                "24 november 2026",
                "5 credits",
                "Btw 21 %",
                "0,17 EUR",
                "0,83 EUR",
                "1,00 EUR",
                "Dit was een proef",
                "voorwaarden van versie 7",
                "Ik vraag dat mijn credits meteen bruikbaar zijn",
            }
        )
        {
            Assert.Contains(text, page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nl", "24 november 2026")]
    [InlineData("fr", "24 novembre 2026")]
    [InlineData("de", "24. November 2026")]
    [InlineData("en", "24 November 2026")]
    public async Task Dates_are_written_as_people_write_them(string language, string day)
    {
        await using var house = await StartAsync();

        using var answer = await GetAsync(house, await PayAsync(house), language);

        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(HttpHouse.Token));
        Assert.Contains($"<dd>{day}</dd>", page, StringComparison.Ordinal);
        Assert.Contains($"{day}, 13:00:00 +01:00", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_another_language_what_was_agreed_to_keeps_its_own()
    {
        await using var house = await StartAsync();

        using var answer = await GetAsync(house, await PayAsync(house), "fr");
        var page = await answer.Content.ReadAsStringAsync(HttpHouse.Token);

        Assert.Contains("<html lang=\"fr\">", page, StringComparison.Ordinal);
        Assert.Contains("<p lang=\"nl\">Ik vraag dat mijn credits meteen", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_business_says_so_instead_of_VAT()
    {
        await using var house = await StartAsync(small: true);

        using var answer = await GetAsync(house, await PayAsync(house), "nl");
        var page = await answer.Content.ReadAsStringAsync(HttpHouse.Token);

        Assert.Contains("Bijzondere vrijstellingsregeling kleine ondernemingen", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Btw 21", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_says_the_same_in_the_language_of_the_order()
    {
        await using var house = await StartAsync();
        var id = await PayAsync(house);
        var payment = await house.Payments.FindAsync(id, HttpHouse.Token);

        var text = await house.Services.GetRequiredService<ReceiptTexts>().WriteAsync(payment!, HttpHouse.Token);

        var paragraphs = text.Split("\n\n");
        Assert.Equal(3, paragraphs.Length);
        var lines = paragraphs[0].Split('\n');
        Assert.Equal("Ontvangstbewijs TEST-2026-000001", lines[0]);
        foreach (
            var line in new[]
            {
                "Dit was een proef: er is geen echt geld betaald.",
                "Sint & Co",
                "2000 Antwerpen",
                "Ondernemingsnummer: 0123.456.749",
                "Datum: 24 november 2026",
                $"Bestelling: {id}",
                "Btw 21 %: 0,17 EUR",
                "Totaal: 1,00 EUR",
            }
        )
        {
            Assert.Contains(line, lines);
        }

        Assert.DoesNotContain(lines, l => l.EndsWith(": ", StringComparison.Ordinal));
        Assert.StartsWith(
            "Waarmee je akkoord ging\nIk vraag dat mijn credits",
            paragraphs[1],
            StringComparison.Ordinal
        );
        Assert.EndsWith($"/payments/{id}/receipt", paragraphs[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_and_mail_tell_the_last_day_to_withdraw_where_there_is_one()
    {
        await using var house = await StartAsync(days: 14);
        var id = await PayAsync(house);
        var payment = await house.Payments.FindAsync(id, HttpHouse.Token);

        using var answer = await GetAsync(house, id, "nl");
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(HttpHouse.Token));
        var mail = await house.Services.GetRequiredService<ReceiptTexts>().WriteAsync(payment!, HttpHouse.Token);

        const string Right = "Wat je niet gebruikt, kun je herroepen tot en met 8 december 2026.";
        Assert.Contains(Right, page, StringComparison.Ordinal);
        Assert.Contains("\n\nJe herroepingsrecht\n" + Right + "\n\n", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_seller_a_mail_says_what_was_bought_for_how_much()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime().Options = o => o.RequiredConsent = "7");
        var payment = await house.Payments.FindAsync(await PayAsync(house), HttpHouse.Token);

        var text = await house.Services.GetRequiredService<ReceiptTexts>().WriteAsync(payment!, HttpHouse.Token);

        Assert.StartsWith("5 credits: 1,00 EUR\n\nWaarmee je akkoord ging\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/receipt", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_can_be_kept()
    {
        await using var house = await StartAsync();
        var id = await PayAsync(house);

        using var answer = await house.Client.GetAsync($"/payments/{id}/receipt?download", HttpHouse.Token);

        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("TEST-2026-000001.html", answer.Content.Headers.ContentDisposition.FileName);
        Assert.DoesNotContain("<a ", await answer.Content.ReadAsStringAsync(HttpHouse.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_gets_JSON()
    {
        await using var house = await StartAsync();
        var id = await PayAsync(house);

        using var answer = await house.SendAsync(
            HttpMethod.Get,
            $"/payments/{id}/receipt",
            change: r => r.Headers.TryAddWithoutValidation("Accept", "application/json")
        );
        using var json = await JsonDocument.ParseAsync(
            await answer.Content.ReadAsStreamAsync(HttpHouse.Token),
            cancellationToken: HttpHouse.Token
        );

        var receipt = json.RootElement.GetProperty("receipts")[0];
        Assert.Equal("TEST-2026-000001", receipt.GetProperty("number").GetString());
        Assert.Equal("receipt", receipt.GetProperty("kind").GetString());
        Assert.Equal(17, receipt.GetProperty("vat").GetProperty("amount").GetInt64());
        Assert.Equal("7", json.RootElement.GetProperty("consent").GetProperty("version").GetString());
    }

    [Fact]
    public async Task Nobody_sees_another_s_receipt_or_one_of_an_unpaid_payment()
    {
        await using var house = await StartAsync();
        var id = await PayAsync(house);
        using var eve = house.MakeClient("eve");

        using var foreign = await eve.GetAsync($"/payments/{id}/receipt", HttpHouse.Token);
        Assert.Equal("not-found", await CodeOf(foreign));
        var order = new CheckoutOrder(HttpHouse.Anna, "five") { Consent = "7" };
        var open = (
            await house.Services.GetRequiredService<CheckoutService>().CreateAsync(order, HttpHouse.Token)
        ).Payment!;
        using var unpaid = await house.Client.GetAsync($"/payments/{open.Id}/receipt", HttpHouse.Token);
        Assert.Equal("no-receipt", await CodeOf(unpaid));
    }

    [Fact]
    public async Task Without_a_seller_the_answer_says_that_there_are_no_receipts()
    {
        await using var house = await HttpHouse.StartAsync();

        using var answer = await house.Client.GetAsync($"/payments/{new string('a', 32)}/receipt", HttpHouse.Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("receipts-off", await CodeOf(answer));
    }

    [Fact]
    public async Task Packs_tell_what_must_be_agreed_to_in_the_customer_s_language()
    {
        await using var house = await StartAsync();

        using var answer = await house.SendAsync(
            HttpMethod.Get,
            "/payments/packs",
            change: r => r.Headers.TryAddWithoutValidation("Accept-Language", "fr")
        );
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(HttpHouse.Token));

        Assert.Equal("7", json.RootElement.GetProperty("consent").GetString());
        Assert.StartsWith(
            "Je demande",
            json.RootElement.GetProperty("consentText").GetString(),
            StringComparison.Ordinal
        );
    }

    private static Task<HttpHouse> StartAsync(bool small = false, int days = 0) =>
        HttpHouse.StartAsync(s =>
        {
            s.FreezeTime();
            s.Options = o =>
            {
                o.RequiredConsent = "7";
                o.Withdrawal.Days = days;
            };
            s.PayPerUse = b => b.AddSeller(small ? Sint.SellsSmall : Sint.Sells);
        });

    private static async Task<string> PayAsync(HttpHouse house)
    {
        var order = new CheckoutOrder(HttpHouse.Anna, "five") { Consent = "7", Language = "nl" };
        var made = await house.Services.GetRequiredService<CheckoutService>().CreateAsync(order, HttpHouse.Token);
        house.Provider.Set(made.Payment!.Id, ProviderPaymentStatus.Paid);
        await house
            .Services.GetRequiredService<PaymentSettler>()
            .SettleAsync(made.Payment.Id, PaymentTrigger.Webhook, HttpHouse.Token);
        return made.Payment.Id;
    }

    private static Task<HttpResponseMessage> GetAsync(HttpHouse house, string id, string language) =>
        house.SendAsync(
            HttpMethod.Get,
            $"/payments/{id}/receipt",
            change: r =>
            {
                r.Headers.TryAddWithoutValidation("Accept", "text/html,*/*;q=0.8");
                r.Headers.TryAddWithoutValidation("Accept-Language", language);
            }
        );

    private static async Task<string?> CodeOf(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(HttpHouse.Token));
        return json.RootElement.GetProperty("code").GetString();
    }
}
