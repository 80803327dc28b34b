using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>Somebody who pays first and gives an address later, by the pages' own forms.</summary>
public sealed class GuestTests(SharedSite site) : IClassFixture<SharedSite>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_pays_gets_a_letter_signs_in_and_takes_both_along()
    {
        using var guest = new Visitor(site.Address);
        Assert.Contains("id=\"continue-as-guest\"", await guest.GetPageAsync("/", Ct), StringComparison.Ordinal);
        using (var refused = await guest.PostAsync("/letters", Visitor.Child(), Ct))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using (var made = await guest.PostFormAsync("/credits/guest", new() { ["returnUrl"] = "/" }, Ct))
        {
            Assert.Equal((HttpStatusCode.SeeOther, "/"), (made.StatusCode, made.Headers.Location?.OriginalString));
        }

        var home = await guest.GetPageAsync("/", Ct);
        Assert.Contains("id=\"credits\"", home, StringComparison.Ordinal);
        Assert.Contains("id=\"make-letter\"", home, StringComparison.Ordinal);
        using (var poor = await guest.PostAsync("/letters", Visitor.Child(), Ct))
        {
            Assert.Equal(HttpStatusCode.PaymentRequired, poor.StatusCode);
        }

        await guest.PayAsync(Ct);
        using var letter = await guest.PostAsync("/letters", Visitor.Child(), Ct);
        Assert.Equal(HttpStatusCode.Created, letter.StatusCode);
        var url = letter.Headers.Location!.OriginalString;
        Assert.Contains("id=\"letter\"", await guest.GetPageAsync(url, Ct), StringComparison.Ordinal);
        var wallet = guest.CookieOf("payperuse.guest");
        Assert.NotNull(wallet);

        await SignInByPagesAsync(guest);
        Assert.Equal(0, await guest.BalanceAsync(Ct));
        Assert.Contains("id=\"claim\"", await guest.GetPageAsync("/", Ct), StringComparison.Ordinal);
        using (var claimed = await guest.PostFormAsync("/credits/claim", new() { ["returnUrl"] = "/" }, Ct))
        {
            Assert.Equal(
                (HttpStatusCode.SeeOther, "/"),
                (claimed.StatusCode, claimed.Headers.Location?.OriginalString)
            );
        }

        Assert.Equal(4, await guest.BalanceAsync(Ct));
        Assert.Contains("id=\"letter\"", await guest.GetPageAsync(url, Ct), StringComparison.Ordinal);
        var after = await guest.GetPageAsync("/", Ct);
        Assert.Contains(url, after, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"claim\"", after, StringComparison.Ordinal);
        Assert.Null(guest.CookieOf("payperuse.guest"));
        Assert.Contains("Meegenomen", await guest.GetPageAsync("/tegoed", Ct), StringComparison.Ordinal);

        using var copy = new Visitor(site.Address);
        copy.SetCookie("payperuse.guest", wallet);
        using var dead = await copy.GetAsync("/credits/status", Ct);
        Assert.Equal("sign-in-required", await Visitor.ProblemOfAsync(dead, HttpStatusCode.Unauthorized, Ct));
        using var stolen = await copy.PostAsync("/letters", Visitor.Child(), Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, stolen.StatusCode);
    }

    [Fact]
    public async Task A_payment_of_a_guest_that_arrives_after_the_claim_is_the_account_s()
    {
        using var host = new SiteHost().Started();
        using var guest = new Visitor(host.Address);
        using (await guest.PostAsync("/credits/guest", new { }, Ct)) { }

        var payment = await guest.StartPaymentAsync(Ct);
        await guest.SignInAsync(Ct);
        using (var claimed = await guest.PostAsync("/credits/claim", new { }, Ct))
        {
            Assert.Equal(HttpStatusCode.OK, claimed.StatusCode);
        }

        await guest.InBankAppAsync(payment, "approve", Ct);
        await guest.WaitForStatusAsync(payment, "paid", Ct);
        Assert.Equal(5, await guest.BalanceAsync(Ct));
        var verdicts = await host.Services.GetRequiredService<CreditLedger>().VerifyAsync(Ct).ToListAsync(Ct);
        Assert.Equal(2, verdicts.Count);
        Assert.All(verdicts, v => Assert.True(v.IsClean, v.ToString()));
    }

    private static async Task SignInByPagesAsync(Visitor visitor)
    {
        using var asked = await visitor.PostFormAsync("/signin", new() { ["email"] = visitor.Email }, Ct);
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        using var verified = await visitor.PostFormAsync(
            "/signin/verify",
            new() { ["email"] = visitor.Email, ["code"] = await visitor.ReadCodeAsync(Ct) },
            Ct
        );
        Assert.Equal(HttpStatusCode.Redirect, verified.StatusCode);
    }
}
