using System.Net;
using System.Text.RegularExpressions;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>What a customer must always find, wherever they are and whoever they are: the way to withdraw, help, and who sells.</summary>
public sealed partial class AlwaysAtHandTests(SharedSite site) : IClassFixture<SharedSite>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_foot_of_every_page_leads_to_withdrawing_to_help_and_says_who_sells()
    {
        using var stranger = new Visitor(site.Address);
        using var guest = await GuestAsync();
        using var parent = await Visitor.SignedInAsync(site.Address, Ct);
        await parent.PayAsync(Ct);
        using var letter = await parent.PostAsync("/letters", Visitor.Child(), Ct);
        var url = letter.Headers.Location!.OriginalString;
        using var shared = await parent.PostAsync(url + "/share", new { }, Ct);
        var link = new Uri((await Visitor.BodyOfAsync(shared, Ct)).GetProperty("url").GetString()!).AbsolutePath;
        (Visitor Visitor, string Path)[] pages =
        [
            (stranger, "/"),
            (stranger, "/signin"),
            (stranger, "/nowhere"),
            (stranger, "/fout/500"),
            (stranger, link),
            (guest, "/"),
            (guest, "/tegoed"),
            (parent, "/"),
            (parent, "/tegoed"),
            (parent, "/herroepen"),
            (parent, "/account/verwijderen"),
            (parent, url),
        ];

        foreach (var (visitor, path) in pages)
        {
            var page = WebUtility.HtmlDecode(await visitor.GetPageAsync(path, Ct));
            var foot = Foot().Match(page).Value;
            Assert.True(
                foot.Contains("<a href=\"/herroepen\">Herroep hier je aankoop</a>", StringComparison.Ordinal),
                path
            );
            Assert.True(foot.Contains("href=\"mailto:post@sinterklaas.example\"", StringComparison.Ordinal), path);
            Assert.True(foot.Contains("Speelgoedkaai 6, 2000 Antwerpen", StringComparison.Ordinal), path);
            Assert.True(foot.Contains("Ondernemingsnummer 0123.456.749", StringComparison.Ordinal), path);
        }
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_told_how_to_withdraw_and_is_led_there()
    {
        using var parent = new Visitor(site.Address);
        await parent.SignInAsync(Ct);
        await parent.PayAsync(Ct);
        using var later = new Visitor(site.Address, parent.Email);

        using var sent = await later.OpenPageAsync("/herroepen", Ct);
        Assert.Equal("/signin?returnUrl=%2Fherroepen", sent.Headers.Location?.OriginalString);
        var page = WebUtility.HtmlDecode(await later.GetPageAsync("/signin?returnUrl=%2Fherroepen", Ct));
        Assert.Contains("Meld je aan met het adres waarmee je kocht", page, StringComparison.Ordinal);
        Assert.Contains("schrijf naar post@sinterklaas.example", page, StringComparison.Ordinal);
        Assert.DoesNotContain("continue-as-guest", page, StringComparison.Ordinal);

        using var asked = await later.PostFormAsync(
            "/signin",
            new() { ["email"] = later.Email, ["returnUrl"] = "/herroepen" },
            Ct
        );
        using var verified = await later.PostFormAsync(
            "/signin/verify",
            new() { ["email"] = later.Email, ["code"] = await later.ReadCodeAsync(Ct) },
            Ct
        );
        Assert.Equal("/herroepen", verified.Headers.Location?.OriginalString);
        Assert.Contains("confirm-withdrawal", await later.GetPageAsync("/herroepen", Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_withdraws_and_keeps_receipt_and_consent_as_a_download()
    {
        using var guest = await GuestAsync();
        await guest.PayAsync(Ct);
        using var letter = await guest.PostAsync("/letters", Visitor.Child(), Ct);
        for (var i = 0; i < 3; i++)
        {
            using var more = await guest.PostAsync("/letters", Visitor.Child(), Ct);
        }

        var account = WebUtility.HtmlDecode(await guest.GetPageAsync("/tegoed", Ct));
        var copy = Copy().Match(account).Groups["path"].Value;
        using var kept = await guest.OpenPageAsync(copy, Ct);
        Assert.Equal("attachment", kept.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Matches(@"kun je herroepen tot en met \d+ \w+ \d{4}\.", await kept.Content.ReadAsStringAsync(Ct));

        // Step 1 shows one credit as one, and until when; step 2 does.
        var quote = WebUtility.HtmlDecode(await guest.GetPageAsync("/herroepen", Ct));
        Assert.Matches(@"1 credit van \d+ \w+ \d{4}: €.0,20", quote);
        Assert.Matches(@"Herroepen kan tot en met \d+ \w+ \d{4}\.", quote);
        var field = Amount().Match(quote);
        using var confirmed = await guest.PostFormAsync(
            "/herroepen",
            new() { [field.Groups["name"].Value] = field.Groups["amount"].Value },
            Ct
        );
        Assert.Contains(
            "data-withdrawal=\"Accepted\"",
            await confirmed.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );
        Assert.Equal(0, await guest.BalanceAsync(Ct));
    }

    private async Task<Visitor> GuestAsync()
    {
        var guest = new Visitor(site.Address);
        using var wallet = await guest.PostFormAsync("/credits/guest", new() { ["returnUrl"] = "/" }, Ct);
        Assert.Equal(HttpStatusCode.SeeOther, wallet.StatusCode);
        return guest;
    }

    [GeneratedRegex("<footer.*</footer>", RegexOptions.Singleline)]
    private static partial Regex Foot();

    [GeneratedRegex("href=\"(?<path>/payments/[0-9a-f]{32}/receipt\\?download)\"")]
    private static partial Regex Copy();

    [GeneratedRegex("name=\"(?<name>amounts\\[[0-9a-f]{32}\\])\" value=\"(?<amount>\\d+)\"")]
    private static partial Regex Amount();
}
