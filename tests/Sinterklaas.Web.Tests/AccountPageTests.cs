using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using PayPerUse.Testing;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>Receipt, withdrawal, data and deletion, as a browser without scripts does them.</summary>
public sealed partial class AccountPageTests(SharedSite site) : IClassFixture<SharedSite>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_visitor_pays_gets_a_receipt_by_mail_uses_one_credit_and_withdraws_the_rest()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);
        using var letter = await visitor.PostAsync("/letters", Visitor.Child(), Ct);
        Assert.Equal(HttpStatusCode.Created, letter.StatusCode);

        var account = WebUtility.HtmlDecode(await visitor.GetPageAsync("/tegoed", Ct));
        var receiptPath = ReceiptLink().Match(account).Groups["path"].Value;
        Assert.True(account.Contains("href=\"/herroepen\"", StringComparison.Ordinal), account);
        var receipt = WebUtility.HtmlDecode(await visitor.GetPageAsync(receiptPath, Ct));
        Assert.Matches(@"Ontvangstbewijs TEST-\d{4}-\d{6}", receipt);
        Assert.Contains("Bijzondere vrijstellingsregeling kleine ondernemingen", receipt, StringComparison.Ordinal);
        var mail = await MailAsync(visitor, "Je betaling");
        Assert.Contains(receiptPath, mail, StringComparison.Ordinal);
        Assert.Contains($"Herroep hier je aankoop: {site.Address}herroepen", mail, StringComparison.Ordinal);

        // Step 1 shows, step 2 does.
        var quote = WebUtility.HtmlDecode(await visitor.GetPageAsync("/herroepen", Ct));
        var field = AmountField().Match(quote);
        Assert.Equal("80", field.Groups["amount"].Value);
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
        var fields = new Dictionary<string, string> { [field.Groups["name"].Value] = field.Groups["amount"].Value };
        using var confirmed = await visitor.PostFormAsync("/herroepen", fields, Ct);
        var done = WebUtility.HtmlDecode(await confirmed.Content.ReadAsStringAsync(Ct));
        Assert.Contains("data-withdrawal=\"Accepted\"", done, StringComparison.Ordinal);
        Assert.DoesNotContain("confirm-withdrawal", done, StringComparison.Ordinal);
        Assert.Equal(0, await visitor.BalanceAsync(Ct));

        // Pressed again: the same withdrawal, no second refund.
        using var again = await visitor.PostFormAsync("/herroepen", fields, Ct);
        Assert.Contains(
            "data-withdrawal=\"Accepted\"",
            await again.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );
        receipt = WebUtility.HtmlDecode(await visitor.GetPageAsync(receiptPath, Ct));
        Assert.Single(CreditNote().Matches(receipt));
        Assert.Contains("Je herroeping", receipt, StringComparison.Ordinal);
        Assert.Contains("Je herroeping\n", await MailAsync(visitor, "Je terugbetaling"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_receipt_is_mailed_in_the_language_of_the_order()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        visitor.SetCookie(".AspNetCore.Culture", "c=fr|uic=fr");
        await visitor.PayAsync(Ct);

        var mail = await MailAsync(visitor, "Votre paiement");
        Assert.Contains("Bonjour", mail, StringComparison.Ordinal);
        Assert.Contains("5 crédits pour saint Nicolas\n", mail, StringComparison.Ordinal);
        Assert.Contains("1,00 EUR", mail, StringComparison.Ordinal);
        var account = await visitor.GetPageAsync("/tegoed", Ct);
        var path = ReceiptLink().Match(account).Groups["path"].Value;
        var receipt = WebUtility.HtmlDecode(await visitor.GetPageAsync(path, Ct));
        Assert.Contains("5 crédits pour saint Nicolas", receipt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_data_comes_as_a_file_and_an_account_that_is_deleted_is_gone()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);
        using var letter = await visitor.PostAsync("/letters", Visitor.Child("Mohammed"), Ct);

        var data = await visitor.GetJsonAsync("/account/gegevens", Ct);
        Assert.Equal(visitor.Email, data.GetProperty("profile").GetProperty("email").GetString());
        Assert.Equal(
            "Mohammed",
            data.GetProperty("gifts")[0].GetProperty("input").GetProperty("childName").GetString()
        );
        Assert.Equal(4, data.GetProperty("credits").GetProperty("balance").GetInt64());
        Assert.Equal("paid", data.GetProperty("payments")[0].GetProperty("status").GetString());
        Assert.NotEqual(0, data.GetProperty("history").GetArrayLength());

        Assert.Contains(
            "confirm-delete",
            await visitor.GetPageAsync("/account/verwijderen", Ct),
            StringComparison.Ordinal
        );
        using var order = await visitor.PostAsync("/payments/create", new { pack = "five" }, Ct);
        var checkout = new Uri(
            (await JsonDocument.ParseAsync(await order.Content.ReadAsStreamAsync(Ct), default, Ct))
                .RootElement.GetProperty("checkoutUrl")
                .GetString()!
        );
        using var deleted = await visitor.PostFormAsync("/account/verwijderen", [], Ct);
        Assert.Equal(HttpStatusCode.Redirect, deleted.StatusCode);

        // What could still be paid no longer can.
        using var late = await visitor.PostAsync(
            $"/simulator/bancontact/payments/{checkout.Segments[^1]}/approve",
            new { },
            Ct
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
        using var after = await visitor.GetAsync("/credits/status", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        await visitor.SignInAsync(Ct);
        var anew = await visitor.GetJsonAsync("/account/gegevens", Ct);
        Assert.Equal(0, anew.GetProperty("gifts").GetArrayLength());
        Assert.Equal(0, anew.GetProperty("payments").GetArrayLength());
    }

    [Fact]
    public async Task An_account_with_a_payment_that_the_bank_does_not_call_off_is_deleted_once_it_does()
    {
        using var host = new SiteHost().Started();
        using var visitor = await Visitor.SignedInAsync(host.Address, Ct);
        await visitor.StartPaymentAsync(Ct);
        using var storm = await visitor.PostAsync("/simulator/bancontact/weather", new { apiFailPercent = 100 }, Ct);

        using var refused = await visitor.PostFormAsync("/account/verwijderen", [], Ct);

        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        var page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(Ct));
        Assert.Contains("Er is nog een betaling onderweg", page, StringComparison.Ordinal);
        var kept = await visitor.GetJsonAsync("/account/gegevens", Ct);
        Assert.Equal(visitor.Email, kept.GetProperty("profile").GetProperty("email").GetString());
        using var calm = await visitor.PostAsync("/simulator/bancontact/weather", new { calm = true }, Ct);
        await foreach (var _ in Patience.TriesAsync("The bank to answer again", Ct))
        {
            using var deleted = await visitor.PostFormAsync("/account/verwijderen", [], Ct);
            if (deleted.StatusCode == HttpStatusCode.Redirect)
            {
                break;
            }
        }

        using var after = await visitor.GetAsync("/credits/status", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    private static async Task<string> MailAsync(Visitor visitor, string subject)
    {
        await foreach (var _ in Patience.TriesAsync($"The mail \"{subject}…\"", Ct))
        {
            var mails = await visitor.GetJsonAsync($"/dev/mail?to={Uri.EscapeDataString(visitor.Email)}", Ct);
            foreach (var mail in mails.EnumerateArray())
            {
                if (mail.GetProperty("subject").GetString()!.StartsWith(subject, StringComparison.Ordinal))
                {
                    return mail.GetProperty("text").GetString()!;
                }
            }
        }

        throw new UnreachableException();
    }

    [GeneratedRegex("href=\"(?<path>/payments/[0-9a-f]{32}/receipt)\"")]
    private static partial Regex ReceiptLink();

    [GeneratedRegex("name=\"(?<name>amounts\\[[0-9a-f]{32}\\])\" value=\"(?<amount>\\d+)\"")]
    private static partial Regex AmountField();

    [GeneratedRegex("<h1>Creditnota ")]
    private static partial Regex CreditNote();
}
