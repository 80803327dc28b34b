using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Http.Pages;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>Where the provider sends the customer afterwards.</summary>
public sealed class ReturnPageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_works_without_a_session_and_settles()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house, """{"pack":"five","returnUrl":"/letters?x=1&y=2"}""");
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        using var phone = house.MakeClient(null);

        var answer = await phone.GetAsync($"/payments/{id}/return", Token);

        var page = await answer.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("your credits are ready", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/letters?x=1&amp;y=2\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", page, StringComparison.Ordinal);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task It_shows_nothing_but_the_payment_s_state()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);
        using var phone = house.MakeClient(null);

        var page = await phone.GetStringAsync($"/payments/{id}/return", Token);

        foreach (var secret in new[] { "anna", id, "prov-", "five", "1.00", "100" })
        {
            Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task While_it_waits_it_leads_to_another_look()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);

        var page = await ReadAsync(house, id, accepted: "en");
        var again = await ReadAsync(house, id, accepted: "en", query: "?");

        Assert.Contains("<a class=\"button\" href=\"?\">Look again</a>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", page, StringComparison.Ordinal);
        Assert.Equal(page, again);
    }

    [Theory]
    [InlineData("\"/letters\"", "/letters")]
    [InlineData("null", "/")]
    public async Task Its_signed_in_owner_goes_back_to_the_app(string returnUrl, string back)
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house, $$"""{"pack":"five","returnUrl":{{returnUrl}}}""");
        house.Provider.Set(id, ProviderPaymentStatus.Paid);

        var answer = await house.Client.GetAsync($"/payments/{id}/return", Token);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(back, answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Another_signed_in_user_sees_the_page()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        using var bram = house.MakeClient("bram");

        Assert.Equal(HttpStatusCode.OK, (await bram.GetAsync($"/payments/{id}/return", Token)).StatusCode);
    }

    [Theory]
    [InlineData("nl-BE,nl;q=0.9,en;q=0.8", "nl", "We wachten")]
    [InlineData("it,fr;q=0.5,nl;q=0.4", "fr", "Nous attendons")]
    [InlineData("nl;q=0,de-AT", "de", "Wir warten")]
    [InlineData("it", "en", "We are waiting")]
    [InlineData(null, "en", "We are waiting")]
    [InlineData("NL", "nl", "We wachten")]
    public async Task It_speaks_the_language_in_which_was_ordered(string? accepted, string language, string words)
    {
        await using var house = await StartAsync();
        using var ordered = await house.SendAsync(
            HttpMethod.Post,
            "/payments/create",
            new JsonObject { ["pack"] = "five" },
            change: r => r.Headers.TryAddWithoutValidation("Accept-Language", accepted)
        );
        var id = (string)(await ordered.JsonAsync(HttpStatusCode.Created))["id"]!;

        // The phone that scanned the code speaks another.
        var page = await ReadAsync(house, id, accepted: "sv,de;q=0.3,en;q=0.2,nl;q=0.1");

        Assert.Contains($"<html lang=\"{language}\">", page, StringComparison.Ordinal);
        Assert.Contains(words, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de", "Diese Zahlung gibt es nicht.")]
    [InlineData("fr-BE", "Ce paiement n’existe pas.")]
    public async Task Without_an_order_it_speaks_the_language_of_the_browser(string accepted, string words)
    {
        await using var house = await StartAsync();

        Assert.Contains(words, await ReadAsync(house, new string('0', 32), accepted), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("sv")]
    public async Task An_order_in_no_language_of_ours_leaves_the_choice_to_the_browser(string? ordered)
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);
        var payment = (await house.Payments.FindAsync(id, Token))!;
        Assert.Equal("fr", PageLanguage.Of(Asking("fr"), payment with { Language = ordered }));
    }

    [Fact]
    public async Task It_runs_no_script_and_loads_nothing()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);

        var answer = await house.Client.GetAsync($"/payments/{id}/return", Token);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.DoesNotContain("<script", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("nothing")]
    public async Task An_unknown_payment_is_404_and_a_page(string id)
    {
        await using var house = await StartAsync();

        var answer = await house.Client.GetAsync($"/payments/{id}/return", Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("no such payment", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_not_waited_for()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await PaymentEndpointsTests.OrderAsync(house);
        house.Provider.BeforeGet = _ =>
            throw new PaymentProviderException("scripted", PaymentProviderFailure.Unavailable, "No line.");

        var answer = await house.Client.GetAsync($"/payments/{id}/return", Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Look again", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    /// <summary>An app whose page says at once how things stand.</summary>
    private static Task<HttpHouse> StartAsync() =>
        HttpHouse.StartAsync(s => s.FreezeTime().PayPerUse = b => b.ConfigureHttp(o => o.ReturnWait = TimeSpan.Zero));

    private static DefaultHttpContext Asking(string accepted)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptLanguage = accepted;
        return context;
    }

    private static async Task<string> ReadAsync(HttpHouse house, string id, string accepted, string query = "")
    {
        using var answer = await house.SendAsync(
            HttpMethod.Get,
            $"/payments/{id}/return{query}",
            change: r => r.Headers.TryAddWithoutValidation("Accept-Language", accepted)
        );
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Token));
    }
}
