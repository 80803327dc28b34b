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
            var isApi =
                path.Contains("/v3/", StringComparison.Ordinal) || path.EndsWith("/jwks", StringComparison.Ordinal);
            Assert.Equal(isApi, response.StatusCode == HttpStatusCode.Forbidden);
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

    private static IEnumerable<(HttpMethod Method, string Path)> Addresses(Payment payment)
    {
        yield return (HttpMethod.Get, $"{Base}/jwks");
        yield return (HttpMethod.Post, $"{Base}/v3/payments");
        yield return (HttpMethod.Post, $"{Base}/v3/payments/search");
        yield return (HttpMethod.Get, $"{Base}/v3/payments/{payment.ProviderPaymentId}");
        yield return (HttpMethod.Delete, $"{Base}/v3/payments/{payment.ProviderPaymentId}");
        yield return (HttpMethod.Get, $"{Base}/pay.css");
        yield return (HttpMethod.Get, $"{Base}/pay/{payment.ProviderPaymentId}");
        yield return (HttpMethod.Get, $"{Base}/qrcode");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/approve");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/decline");
        yield return (HttpMethod.Post, $"{Base}/payments/{payment.ProviderPaymentId}/cancel");
    }
}
