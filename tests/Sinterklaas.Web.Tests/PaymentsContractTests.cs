using System.Net;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

public sealed class PaymentsContractTests(SharedSite site) : IClassFixture<SharedSite>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_goes_from_pending_to_paid_and_grants_once()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        using var created = await visitor.PostAsync("/payments/create", new { pack = "five" }, Ct);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var payment = await Visitor.BodyOfAsync(created, Ct);
        Assert.Equal("pending", payment.GetProperty("status").GetString());
        Assert.Equal(100, payment.GetProperty("price").GetProperty("amount").GetInt64());
        Assert.Matches("/[0-9a-zA-Z]{24}$", new Uri(payment.GetProperty("checkoutUrl").GetString()!).AbsolutePath);

        using var again = await visitor.PostAsync("/payments/create", new { pack = "five" }, Ct);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(
            payment.GetProperty("id").GetString(),
            (await Visitor.BodyOfAsync(again, Ct)).GetProperty("id").GetString()
        );

        using var qr = await visitor.GetAsync(payment.GetProperty("qrCode").GetString()!, Ct);
        Assert.Equal("image/svg+xml", qr.Content.Headers.ContentType?.MediaType);

        await visitor.InBankAppAsync(payment, "approve", Ct);
        await visitor.WaitForStatusAsync(payment, "paid", Ct);
        Assert.Equal(5, await visitor.BalanceAsync(Ct));
        using var cancel = await visitor.PostAsync(
            $"/payments/{payment.GetProperty("id").GetString()}/cancel",
            new { },
            Ct
        );
        Assert.Equal(HttpStatusCode.Conflict, cancel.StatusCode);
    }

    [Theory]
    [InlineData("decline", "failed")]
    [InlineData("cancel", "canceled")]
    public async Task What_the_bank_refuses_grants_nothing(string button, string status)
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        var payment = await visitor.StartPaymentAsync(Ct);

        await visitor.InBankAppAsync(payment, button, Ct);

        await visitor.WaitForStatusAsync(payment, status, Ct);
        Assert.Equal(0, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task Another_accounts_payment_does_not_exist()
    {
        using var owner = await Visitor.SignedInAsync(site.Address, Ct);
        var payment = await owner.StartPaymentAsync(Ct);
        using var stranger = await Visitor.SignedInAsync(site.Address, Ct);

        using var answer = await stranger.GetAsync($"/payments/{payment.GetProperty("id").GetString()}", Ct);

        await Visitor.ProblemOfAsync(answer, HttpStatusCode.NotFound, Ct);
    }

    [Fact]
    public async Task A_payment_from_another_site_is_refused()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/payments/create")
        {
            Content = new StringContent("""{"pack":"five"}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Sec-Fetch-Site", "cross-site" } },
        };

        using var answer = await visitor.SendAsync(request, Ct);

        Assert.Equal("cross-site", await Visitor.ProblemOfAsync(answer, HttpStatusCode.Forbidden, Ct));
    }

    [Fact]
    public async Task A_stranger_is_told_to_sign_in_before_being_told_where_from()
    {
        using var stranger = new HttpClient { BaseAddress = site.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/payments/create")
        {
            Content = new StringContent("""{"pack":"five"}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Sec-Fetch-Site", "cross-site" } },
        };

        using var answer = await stranger.SendAsync(request, Ct);

        await Visitor.ProblemOfAsync(answer, HttpStatusCode.Unauthorized, Ct);
    }

    [Fact]
    public async Task A_forged_callback_changes_nothing()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        var payment = await visitor.StartPaymentAsync(Ct);
        var providerId = payment.GetProperty("checkoutUrl").GetString()!.Split('/')[^1];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/payments/webhook/payconiq")
        {
            Content = new StringContent(
                $$"""{"paymentId":"{{providerId}}","status":"SUCCEEDED","amount":100,"currency":"EUR"}""",
                System.Text.Encoding.UTF8,
                "application/json"
            ),
            Headers = { { "signature", "e30..AAAA" } },
        };

        using var answer = await visitor.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task A_pack_or_provider_that_is_not_for_sale_is_bad_input()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        using var pack = await visitor.PostAsync("/payments/create", new { pack = "zes" }, Ct);
        await Visitor.ProblemOfAsync(pack, HttpStatusCode.BadRequest, Ct);
        using var provider = await visitor.PostAsync(
            "/payments/create",
            new { pack = "five", provider = "schelpen" },
            Ct
        );
        await Visitor.ProblemOfAsync(provider, HttpStatusCode.BadRequest, Ct);
    }
}
