using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Http;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A guest's wallet over a real server: who gets one, who may not, and who it makes of them.</summary>
public sealed class GuestWalletTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_wallet_anonymous_is_401_as_ever()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        foreach (var path in new[] { "/credits/status", "/credits/history", "/payments/packs" })
        {
            await (await browser.GetAsync(path)).ProblemAsync(401, "sign-in-required");
        }

        await (await browser.PostAsync("/credits/claim")).ProblemAsync(401, "sign-in-required");
    }

    [Fact]
    public async Task Only_an_explicit_post_of_our_own_pages_makes_a_wallet()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        foreach (var site in new[] { "cross-site", "same-site" })
        {
            var refused = await browser.PostAsync("/credits/guest", change: r => r.Headers.Add("Sec-Fetch-Site", site));
            await refused.ProblemAsync(403, "cross-site");
            Assert.False(refused.Headers.Contains("Set-Cookie"));
        }

        var made = await browser.PostAsync("/credits/guest");
        Assert.Equal(
            """{"balance":0,"reserved":0,"nextExpiry":null}""",
            (await made.JsonAsync(HttpStatusCode.Created)).ToJsonString()
        );
        var cookie = Assert.Single(made.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("payperuse.guest=", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; max-age=34560000", cookie, StringComparison.OrdinalIgnoreCase);

        await (await browser.GetAsync("/credits/status")).JsonAsync();
        var again = await browser.PostAsync("/credits/guest");
        await again.JsonAsync(HttpStatusCode.OK);
        var account = await browser.AccountAsync();
        var versions = await house.Services.GetRequiredService<ICreditVersions>().ReadVersionsAsync([account], Token);
        Assert.Equal(0, versions.GetValueOrDefault(account));
    }

    [Fact]
    public async Task Over_https_the_cookie_is_secure_and_of_this_host_alone()
    {
        await using var house = await GuestHouse.StartAsync();
        var context = new DefaultHttpContext { RequestServices = house.Services };
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("sint.example");
        house.Services.GetRequiredService<PayPerUse.Http.Guests.GuestWallets>().Make(context);
        var cookie = context.Response.Headers.SetCookie.ToString();
        Assert.StartsWith("__Host-payperuse.guest=", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_forged_or_damaged_wallet_is_no_wallet()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        await browser.MakeWalletAsync();
        foreach (var forged in new[] { "guest-0123", browser.Cookie![..^4] + "AAAA", new string('x', 5000) })
        {
            using var forger = new GuestBrowser(house) { Cookie = forged };
            await (await forger.GetAsync("/credits/status")).ProblemAsync(401, "sign-in-required");
        }
    }

    [Fact]
    public async Task Who_is_signed_in_needs_no_wallet_and_never_uses_one()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        await browser.MakeWalletAsync();
        await browser.PayAsync();
        browser.User = "anna";
        Assert.Equal(0, await browser.BalanceAsync());
        await (await browser.PostAsync("/credits/guest")).ProblemAsync(409, "signed-in");
        await (
            await browser.PostAsync("/credits/claim", change: r => r.Headers.Add("Sec-Fetch-Site", "cross-site"))
        ).ProblemAsync(403, "cross-site");
        browser.User = null;
        Assert.Equal(5, await browser.BalanceAsync());
    }

    [Fact]
    public async Task Forms_go_back_to_their_page_and_never_to_another_site()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        var away = await browser.PostFormAsync("/credits/guest", "https://evil.example/");
        await away.ProblemAsync(400, "invalid-return-url");
        var made = await browser.PostFormAsync("/credits/guest", "/brief?x=1");
        Assert.Equal((HttpStatusCode.SeeOther, "/brief?x=1"), (made.StatusCode, made.Headers.Location?.OriginalString));
        Assert.Equal(0, await browser.BalanceAsync());
        browser.User = "anna";
        var claimed = await browser.PostFormAsync("/credits/claim", "/brief");
        Assert.Equal("/brief", claimed.Headers.Location?.OriginalString);
        var none = await browser.PostFormAsync("/credits/claim", "/brief");
        Assert.Equal("/brief?wallet=no-guest-wallet", none.Headers.Location?.OriginalString);
    }

    [Theory]
    [MemberData(nameof(HttpAnswers.UnreadableForms), MemberType = typeof(HttpAnswers))]
    public async Task A_form_that_cannot_be_read_makes_and_claims_nothing(string type, string body)
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);

        var refused = await browser.PostTextAsync("/credits/guest", body, type);
        Assert.Equal("body", (await refused.ProblemAsync(400, "invalid-request")).FieldsOf());
        Assert.Null(browser.Cookie);

        await browser.MakeWalletAsync();
        browser.User = "anna";
        await (await browser.PostTextAsync("/credits/claim", body, type)).ProblemAsync(400, "invalid-request");
        Assert.NotEqual("", browser.Cookie);
    }

    [Fact]
    public async Task A_policy_lets_guests_in_only_where_it_names_their_scheme()
    {
        await using var house = await GuestHouse.StartAsync();
        using var browser = new GuestBrowser(house);
        await browser.MakeWalletAsync();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/for-guests")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/for-users")).StatusCode);
        browser.User = "anna";
        Assert.Equal("anna", await (await browser.GetAsync("/for-guests")).Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task With_the_middleware_guests_are_users_everywhere_and_claim_all_the_same()
    {
        await using var house = await GuestHouse.StartAsync(app => app.UseGuestWallets());
        using var browser = new GuestBrowser(house);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/for-users")).StatusCode);
        await browser.MakeWalletAsync();
        foreach (var path in new[] { "/for-users", "/for-guests" })
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path)).StatusCode);
        }

        Assert.Equal("True", await (await browser.GetAsync("/is-guest")).Content.ReadAsStringAsync(Token));
        await browser.PayAsync();
        await (await browser.PostAsync("/credits/guest")).JsonAsync();
        await (await browser.PostAsync("/credits/claim")).ProblemAsync(401, "sign-in-required");
        browser.User = "anna";
        Assert.Equal("False", await (await browser.GetAsync("/is-guest")).Content.ReadAsStringAsync(Token));
        Assert.Equal(5, (long)(await (await browser.PostAsync("/credits/claim")).JsonAsync())["balance"]!);
    }
}
