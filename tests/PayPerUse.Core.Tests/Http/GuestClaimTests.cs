using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>What a guest has goes to whoever signed in, once and whole, over a real server.</summary>
public sealed class GuestClaimTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_pays_uses_and_claims_and_the_wallet_is_dead_afterwards()
    {
        await using var house = await GuestHouse.StartAsync();
        await house.GrantAsync(2);
        using var browser = new GuestBrowser(house);
        await browser.MakeWalletAsync();
        var stream = await browser.GetAsync("/credits/events");
        var payment = await browser.PayAsync();
        Assert.Equal(5, await browser.BalanceAsync());
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("/letters")).StatusCode);
        await (await browser.PostAsync("/credits/use", new JsonObject { ["action"] = "letter" })).JsonAsync();
        var guest = await browser.AccountAsync();

        // Another browser is signed in too, and has no wallet.
        await (await house.SendAsync(HttpMethod.Post, "/credits/claim")).ProblemAsync(404, "no-guest-wallet");
        var wallet = browser.Cookie;
        browser.User = "anna";
        var claimed = await browser.PostAsync("/credits/claim");
        Assert.Equal(5, (long)(await claimed.JsonAsync())["balance"]!);
        Assert.Equal("", browser.Cookie);
        Assert.Equal(5, await house.BalanceAsync());
        Assert.Equal([(guest, HttpHouse.Anna)], house.Services.GetRequiredService<MovedGuests>().Calls);
        Assert.Equal("paid", (string?)(await (await browser.GetAsync("/payments/" + payment)).JsonAsync())["status"]);

        using var thief = new GuestBrowser(house) { Cookie = wallet };
        foreach (var path in new[] { "/credits/status", "/credits/history", "/credits/events", "/payments/" + payment })
        {
            await (await thief.GetAsync(path)).ProblemAsync(401, "sign-in-required");
        }

        await (await thief.PostAsync("/letters")).ProblemAsync(401, "sign-in-required");
        await (await thief.PostAsync("/credits/use", new JsonObject { ["action"] = "letter" })).ProblemAsync(
            401,
            "sign-in-required"
        );
        await (await thief.PostAsync("/payments/create", new JsonObject { ["pack"] = "five" })).ProblemAsync(
            401,
            "sign-in-required"
        );

        // The stream of the guest's page ended, so that the page asks who it is now.
        using (stream)
        using (var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Token)))
        {
            Assert.Contains("\"balance\":0", await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
        }

        // Claimed again with a copy of the wallet it is done, and the app may finish what it had not.
        using var copy = new GuestBrowser(house) { Cookie = wallet, User = "anna" };
        await (await copy.PostAsync("/credits/claim")).JsonAsync();
        Assert.Equal(2, house.Services.GetRequiredService<MovedGuests>().Calls.Count);
        using var other = new GuestBrowser(house) { Cookie = wallet, User = "bert" };
        await (await other.PostAsync("/credits/claim")).ProblemAsync(409, "already-claimed");
        Assert.Equal((5, 0), (await house.BalanceAsync(), await house.BalanceAsync("bert")));
    }

    [Fact]
    public async Task While_something_is_being_made_a_claim_says_try_again()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        await browser.MakeWalletAsync();
        await browser.PayAsync();
        var reserved = await house.Ledger.ReserveAsync(
            await browser.AccountAsync(),
            "k",
            1,
            "letter",
            cancellationToken: Token
        );
        browser.User = "anna";
        var busy = await browser.PostAsync("/credits/claim");
        await busy.ProblemAsync(409, "try-again");
        Assert.True(busy.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.NotEqual("", browser.Cookie);

        await house.Ledger.CommitAsync(reserved.Reservation!.ToId(await browser.AccountAsync()), 1, Token);
        Assert.Equal(4, (long)(await (await browser.PostAsync("/credits/claim")).JsonAsync())["balance"]!);
    }

    [Fact]
    public async Task A_claim_whose_app_failed_is_made_good_by_asking_again()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        await browser.MakeWalletAsync();
        await browser.PayAsync();
        browser.User = "anna";
        var moved = house.Services.GetRequiredService<MovedGuests>();
        moved.Fails = true;
        Assert.Equal(HttpStatusCode.InternalServerError, (await browser.PostAsync("/credits/claim")).StatusCode);
        Assert.NotEqual("", browser.Cookie);
        moved.Fails = false;
        Assert.Equal(5, (long)(await (await browser.PostAsync("/credits/claim")).JsonAsync())["balance"]!);
        Assert.Single(moved.Calls);
        Assert.Equal("", browser.Cookie);
    }

    [Fact]
    public async Task A_payment_that_is_paid_after_the_claim_is_the_account_s()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        await browser.MakeWalletAsync();
        var created = await browser.PostAsync("/payments/create", new JsonObject { ["pack"] = "five" });
        var id = (string)(await created.JsonAsync(HttpStatusCode.Created))["id"]!;
        browser.User = "anna";
        await (await browser.PostAsync("/credits/claim")).JsonAsync();
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        await house.Services.GetRequiredService<PaymentSettler>().SettleAsync(id, PaymentTrigger.Webhook, Token);
        Assert.Equal(5, await house.BalanceAsync());
        var shown = await (await browser.GetAsync("/payments/" + id)).JsonAsync();
        Assert.Equal("paid", (string?)shown["status"]);
    }

    [Fact]
    public async Task A_page_is_told_of_this_claim_and_not_of_the_one_before()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        await browser.MakeWalletAsync();
        await browser.PayAsync();
        var guest = await browser.AccountAsync();
        var reserved = await house.Ledger.ReserveAsync(guest, "k", 1, "letter", cancellationToken: Token);
        browser.User = "anna";
        foreach (var page in new[] { "/brief?x=%20#end", "/brief?x=%20&wallet=try-again#end" })
        {
            var busy = await browser.PostFormAsync("/credits/claim", page);
            Assert.Equal("/brief?x=%20&wallet=try-again#end", busy.Headers.Location?.OriginalString);
        }

        await house.Ledger.ReleaseAsync(reserved.Reservation!.ToId(guest), Token);
        var claimed = await browser.PostFormAsync("/credits/claim", "/brief?wallet=try-again&x=%20#end");
        Assert.Equal("/brief?x=%20#end", claimed.Headers.Location?.OriginalString);
        using var other = new GuestBrowser(house) { User = "bert" };
        var none = await other.PostFormAsync("/credits/claim", "/brief?wallet=try-again");
        Assert.Equal("/brief?wallet=no-guest-wallet", none.Headers.Location?.OriginalString);
    }
}
