using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using PayPerUse.Payconiq.Simulator;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Simulator;

public sealed class PayPageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_shows_what_is_paid_to_whom_and_that_it_is_pretend()
    {
        await using var shop = await SimulatedShop.StartAsync(o => o.MerchantName = "Sint <& Piet>");
        var payment = await shop.OrderAsync();

        using var response = await shop.Browser.GetAsync(payment.CheckoutUrl, Token);
        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Token));

        Assert.Contains("€ 1,00", html);
        Assert.Contains("Sint <& Piet>", html);
        Assert.Contains("Simulator — geen echt geld", html);
        Assert.All(["id=\"approve\"", "id=\"decline\"", "id=\"cancel\""], id => Assert.Contains(id, html));
        Assert.DoesNotContain("<& Piet>", await response.Content.ReadAsStringAsync(Token));
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("style=", html);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'self'; form-action 'self'", policy);
    }

    [Theory]
    [InlineData("en", "Simulator — no real money", "€1.00")]
    [InlineData("it, en;q=0.8, nl;q=0.9", "Simulator — geen echt geld", "€ 1,00")]
    [InlineData("nl;q=0, fr-BE;q=0.5", "Simulateur — pas d’argent réel", "1,00 €")]
    [InlineData("DE-AT", "Simulator — kein echtes Geld", "1,00 €")]
    [InlineData("it", "Simulator — geen echt geld", "€ 1,00")]
    public async Task The_page_speaks_the_reader_s_language_when_it_can(string languages, string label, string price)
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, payment.CheckoutUrl);
        request.Headers.TryAddWithoutValidation("Accept-Language", languages);

        using var response = await shop.Browser.SendAsync(request, Token);

        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Token));
        Assert.Contains(label, html);
        Assert.Contains(price, html);
    }

    [Fact]
    public void Every_language_has_every_word()
    {
        using var json = typeof(SimulatorTexts).Assembly.GetManifestResourceStream("PayPerUse.Payconiq.pay-page.json")!;
        var words = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(json)!;

        Assert.Equal(["nl", "fr", "de", "en"], words.Keys);
        Assert.All(words.Values, w => Assert.Equal(words["en"].Keys, w.Keys));
        Assert.All(words.Values.SelectMany(w => w.Values), text => Assert.False(string.IsNullOrWhiteSpace(text)));
    }

    [Fact]
    public void An_app_that_chooses_a_language_is_followed()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptLanguage = "en";
        context.Features.Set<IRequestCultureFeature>(
            new RequestCultureFeature(new RequestCulture("fr"), provider: null)
        );

        Assert.Equal("fr", SimulatorTexts.For(context).Language);
    }

    [Fact]
    public async Task Opening_the_page_tells_the_shop_that_somebody_is_there()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();

        using var response = await shop.Browser.GetAsync(payment.CheckoutUrl, Token);

        Assert.Equal("IDENTIFIED", (await shop.Provider.GetPaymentAsync(payment, Token))!.Detail);
    }

    [Theory]
    [InlineData("approve", ProviderPaymentStatus.Paid)]
    [InlineData("decline", ProviderPaymentStatus.Failed)]
    [InlineData("cancel", ProviderPaymentStatus.Canceled)]
    public async Task A_button_ends_the_payment_and_leads_back_to_the_shop(string button, ProviderPaymentStatus status)
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();
        using var form = new FormUrlEncodedContent([new("page", "1")]);

        using var response = await shop.Browser.PostAsync(
            $"/simulator/bancontact/payments/{payment.ProviderPaymentId}/{button}",
            form,
            Token
        );

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal(payment.ReturnPageUrl, response.Headers.Location);
        Assert.Equal(status, (await shop.Provider.GetPaymentAsync(payment, Token))!.Status);
    }

    [Fact]
    public async Task A_page_that_was_left_open_shows_how_the_payment_ended()
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();
        var path = $"/simulator/bancontact/payments/{payment.ProviderPaymentId}/";
        using var first = await shop.Browser.PostAsync(path + "cancel", null, Token);
        using var form = new FormUrlEncodedContent([new("page", "1")]);

        using var late = await shop.Browser.PostAsync(path + "approve", form, Token);
        var html = await shop.Browser.GetStringAsync(late.Headers.Location, Token);

        Assert.Equal(payment.CheckoutUrl, late.Headers.Location);
        Assert.Contains("Geannuleerd", html);
        Assert.DoesNotContain("id=\"approve\"", html);
        Assert.Contains("id=\"back\"", html);
    }

    [Fact]
    public async Task A_payment_that_is_not_there_has_a_page_that_says_so()
    {
        await using var shop = await SimulatedShop.StartAsync();

        using var page = await shop.Browser.GetAsync("/simulator/bancontact/pay/" + new string('0', 24), Token);
        using var script = await shop.Browser.PostAsync(
            $"/simulator/bancontact/payments/{new string('0', 24)}/approve",
            null,
            Token
        );

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, script.StatusCode);
    }

    [Theory]
    [InlineData("", "image/png")]
    [InlineData("&f=SVG", "image/svg+xml")]
    public async Task The_code_of_a_payment_is_an_image(string format, string type)
    {
        await using var shop = await SimulatedShop.StartAsync();
        var payment = await shop.OrderAsync();
        var link = Uri.EscapeDataString(payment.CheckoutUrl!.AbsoluteUri);

        using var image = await shop.Browser.GetAsync($"/simulator/bancontact/qrcode?c={link}{format}", Token);
        using var other = await shop.Browser.GetAsync("/simulator/bancontact/qrcode?c=https://evil.example", Token);

        Assert.Equal(type, image.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    [Fact]
    public async Task The_style_is_a_file_of_its_own()
    {
        await using var shop = await SimulatedShop.StartAsync();

        using var css = await shop.Browser.GetAsync("/simulator/bancontact/pay.css", Token);

        Assert.Equal("text/css", css.Content.Headers.ContentType!.MediaType);
    }
}
