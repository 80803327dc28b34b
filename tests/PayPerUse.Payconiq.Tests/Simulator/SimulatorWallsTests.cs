using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Simulator;

/// <summary>Pretend money stays where it belongs.</summary>
public sealed class SimulatorWallsTests
{
    private const string Base = "/simulator/bancontact";

    private static readonly string[] Controls = ["/callback", "/refunds", "/expire", "/fail"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task It_refuses_to_start_outside_development_naming_the_way_out(string environment)
    {
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            SimulatedShop.StartAsync(environment: environment)
        );

        Assert.Contains("AllowPretendMoneyOutsideDevelopment", e.Message);
    }

    [Fact]
    public async Task It_starts_elsewhere_only_when_told_what_that_gives_up()
    {
        await using var shop = await SimulatedShop.StartAsync(
            o => o.AllowPretendMoneyOutsideDevelopment = true,
            "Production"
        );

        Assert.Equal(PaymentMode.Test, (await shop.OrderAsync()).Mode);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("Via")]
    public async Task Nothing_that_came_through_a_proxy_is_answered(string header)
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();

        foreach (var (method, path) in Addresses(payment))
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation(header, "127.0.0.1");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shop.Options.ApiKey);
            using var response = await shop.Browser.SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        Assert.Equal(ProviderPaymentStatus.Pending, (await shop.Provider.GetPaymentAsync(payment, Token))!.Status);
    }

    [Fact]
    public async Task The_pay_page_can_be_opened_to_others_and_the_api_cannot()
    {
        await using var shop = await SimulatedShop.StartAsync(o => o.AllowRemotePayPage = true);
        var payment = await shop.OrderAsync();

        foreach (var (method, path) in Addresses(payment))
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", "192.0.2.1");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shop.Options.ApiKey);
            using var response = await shop.Browser.SendAsync(request, Token);
            var isPayPage =
                path.Contains("/pay", StringComparison.Ordinal)
                    && !path.Contains("/v3/", StringComparison.Ordinal)
                    && !Controls.Any(c => path.EndsWith(c, StringComparison.Ordinal))
                || path.EndsWith("/qrcode", StringComparison.Ordinal);
            Assert.True(isPayPage == (response.StatusCode != HttpStatusCode.Forbidden), path);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Basic x")]
    public async Task The_api_wants_its_key(string? authorization)
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();

        foreach (var (method, path) in Addresses(payment).Where(a => a.Path.Contains("/v3/", StringComparison.Ordinal)))
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var response = await shop.Browser.SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Contains("\"UNAUTHORIZED\"", await response.Content.ReadAsStringAsync(Token));
        }
    }

    [Theory]
    [InlineData("", "BODY_MISSING")]
    [InlineData("x", "FIELD_IS_INVALID")]
    [InlineData("[]", "FIELD_IS_INVALID")]
    [InlineData("{}", "FIELD_IS_REQUIRED")]
    [InlineData("""{"amount":0}""", "FIELD_IS_INVALID")]
    [InlineData("""{"amount":1.5}""", "FIELD_IS_INVALID")]
    [InlineData("""{"amount":"100"}""", "FIELD_IS_INVALID")]
    [InlineData("""{"amount":100,"currency":"USD"}""", "FIELD_IS_INVALID")]
    [InlineData("""{"amount":100,"reference":"0123456789012345678901234567890123456"}""", "FIELD_IS_INVALID")]
    [InlineData("""{"amount":100,"reference":"\uD800"}""", "FIELD_IS_INVALID")]
    [InlineData("""{"amount":100,"callbackUrl":"ftp://x"}""", "FIELD_IS_INVALID")]
    public async Task The_api_refuses_what_the_real_one_refuses(string body, string code)
    {
        await using var shop = await SimulatedShop.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Base + "/v3/payments")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shop.Options.ApiKey);

        using var response = await shop.Browser.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"\"{code}\"", await response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("""{"from":"yesterday"}""", "")]
    [InlineData("""{"to":5}""", "")]
    [InlineData("""{"reference":"0123456789012345678901234567890123456"}""", "")]
    [InlineData("{}", "?page=-1")]
    [InlineData("{}", "?size=0")]
    public async Task A_search_that_makes_no_sense_is_refused(string body, string query)
    {
        await using var shop = await SimulatedShop.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Base + "/v3/payments/search" + query)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shop.Options.ApiKey);

        using var response = await shop.Browser.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"FIELD_IS_INVALID\"", await response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task Another_site_in_the_same_browser_cannot_pay(string site)
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"{Base}/payments/{payment.ProviderPaymentId}/approve"
        );
        request.Headers.Add("Sec-Fetch-Site", site);

        using var response = await shop.Browser.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(ProviderPaymentStatus.Pending, (await shop.Provider.GetPaymentAsync(payment, Token))!.Status);
    }

    [Theory]
    [InlineData("""{"amount":100,"callbackUrl":"http://sint.example/x"}""")]
    [InlineData("""{"amount":100,"callbackUrl":"https://localhost/x"}""")]
    [InlineData("""{"amount":100,"callbackUrl":"https://192.0.2.1/x"}""")]
    [InlineData("""{"amount":100,"returnUrl":"https://[::1]/x"}""")]
    [InlineData("""{"amount":100,"reference":"é"}""")]
    [InlineData("""{"amount":100,"description":"five & more"}""")]
    [InlineData("""{"amount":100,"description":"a//b"}""")]
    public async Task Under_strict_rules_it_also_refuses_what_works_on_one_machine_only(string body)
    {
        foreach (var isStrict in new[] { false, true })
        {
            await using var shop = await SimulatedShop.StartAsync(o => o.StrictRules = isStrict);
            using var request = new HttpRequestMessage(HttpMethod.Post, Base + "/v3/payments")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shop.Options.ApiKey);

            using var response = await shop.Browser.SendAsync(request, Token);

            Assert.Equal(isStrict ? HttpStatusCode.BadRequest : HttpStatusCode.Created, response.StatusCode);
        }
    }

    private static IEnumerable<(HttpMethod Method, string Path)> Addresses(Payment payment)
    {
        yield return (HttpMethod.Get, $"{Base}/jwks");
        yield return (HttpMethod.Post, $"{Base}/v3/payments");
        yield return (HttpMethod.Post, $"{Base}/v3/payments/search");
        yield return (HttpMethod.Get, $"{Base}/v3/payments/{payment.ProviderPaymentId}");
        yield return (HttpMethod.Delete, $"{Base}/v3/payments/{payment.ProviderPaymentId}");
        yield return (HttpMethod.Post, $"{Base}/v3/payments/{payment.ProviderPaymentId}/refunds");
        yield return (
            HttpMethod.Get,
            $"{Base}/v3/payments/{payment.ProviderPaymentId}/refunds/{payment.ProviderPaymentId}"
        );
        yield return (HttpMethod.Get, $"{Base}/v3/reconciliation/refunds");
        yield return (HttpMethod.Get, Base);
        yield return (HttpMethod.Get, $"{Base}/board.css");
        yield return (HttpMethod.Get, $"{Base}/state");
        yield return (HttpMethod.Post, $"{Base}/weather");
        yield return (HttpMethod.Post, $"{Base}/keys/rotate");
        yield return (HttpMethod.Post, $"{Base}/keys/retire");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/callback");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/refunds");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/expire");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/fail");
        yield return (HttpMethod.Get, $"{Base}/pay.css");
        yield return (HttpMethod.Get, $"{Base}/pay/{payment.ProviderPaymentId}");
        yield return (HttpMethod.Get, $"{Base}/qrcode");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/approve");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/decline");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/cancel");
    }
}
