using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A paywall that the server writes: an order placed while a page is made.</summary>
public sealed class PageOrderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_shows_the_payment_to_make_and_the_same_when_it_is_loaded_again()
    {
        await using var house = await StartAsync();

        var first = await OrderAsync(house);
        var again = await OrderAsync(house);

        Assert.Equal((string?)first["payment"], (string?)again["payment"]);
        var payment = await house.Payments.FindAsync((string)first["payment"]!, Token);
        Assert.Equal(("five", "/after", "fr"), (payment!.Pack, payment.ReturnUrl, payment.Language));
        Assert.Equal(HttpHouse.Anna, payment.Account);
        Assert.False((bool)first["failed"]!);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("7", null, true)]
    [InlineData("7", "6", true)]
    [InlineData("7", "7", false)]
    public async Task Nothing_is_ordered_before_what_is_asked_for_is_agreed_to(
        string? required,
        string? consent,
        bool isAsked
    )
    {
        await using var house = await StartAsync(required);

        var order = await OrderAsync(house, consent);

        Assert.Equal(isAsked, (bool)order["needsConsent"]!);
        Assert.Equal(isAsked, order["payment"] is null);
        Assert.False((bool)order["failed"]!);
        Assert.Equal(isAsked ? 0 : 1, house.Provider.Starts);
    }

    [Fact]
    public async Task What_is_not_asked_for_is_not_agreed_to()
    {
        await using var house = await StartAsync();

        var order = await OrderAsync(house, consent: "7");

        Assert.Null((await house.Payments.FindAsync((string)order["payment"]!, Token))!.Consent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_provider_or_a_store_that_is_down_is_something_for_the_page_to_tell(bool isProvider)
    {
        await using var house = await StartAsync(breaks: !isProvider);
        house.Provider.BeforeStart = (_, _) =>
            throw new PaymentProviderException("scripted", PaymentProviderFailure.Unknown, "It is down.");

        var order = await OrderAsync(house);

        Assert.True((bool)order["failed"]!);
        Assert.Null(order["payment"]);
    }

    [Theory]
    [InlineData("/order?pack=none")]
    [InlineData("/order?returnUrl=https%3A%2F%2Fevil.example")]
    public async Task A_mistake_of_the_app_is_not_told_as_an_outage(string path)
    {
        await using var house = await StartAsync();

        using var answer = await house.SendAsync(HttpMethod.Get, path);

        Assert.Equal(500, (int)answer.StatusCode);
    }

    private static Task<HttpHouse> StartAsync(string? required = null, bool breaks = false) =>
        HttpHouse.StartAsync(s =>
        {
            s.FreezeTime();
            s.Options = o => o.RequiredConsent = required;
            s.Services = services =>
            {
                services.AddLanguages("nl", "fr");
                if (breaks)
                {
                    services.AddSingleton<IAccountResolver, BrokenResolver>();
                }
            };
            s.Use = app => app.UseRequestLocalization();
            s.Map = app =>
                app.MapGet(
                    "/order",
                    async (HttpContext context, string? consent, string? pack, string? returnUrl) =>
                    {
                        var order = await context.OrderPackAsync(returnUrl ?? "/after", consent, pack);
                        return new
                        {
                            payment = order.Payment?.Id,
                            needsConsent = order.NeedsConsent,
                            failed = order.HasFailed,
                        };
                    }
                );
        });

    private static async Task<JsonObject> OrderAsync(HttpHouse house, string? consent = null)
    {
        using var answer = await house.SendAsync(
            HttpMethod.Get,
            consent is null ? "/order" : "/order?consent=" + consent,
            change: r => r.Headers.AcceptLanguage.ParseAdd("fr")
        );
        return await answer.JsonAsync();
    }

    private sealed class BrokenResolver : IAccountResolver
    {
        public ValueTask<AccountId?> ResolveAsync(HttpContext context, CancellationToken cancellationToken) =>
            throw new PayPerUseException("The database of accounts is down.");
    }
}
