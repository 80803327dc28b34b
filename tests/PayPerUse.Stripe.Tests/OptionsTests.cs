using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Stripe.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("ApiKey", "")]
    [InlineData("ApiKey", "pk_test_0123456789")]
    [InlineData("ApiKey", "sk_test_")]
    [InlineData("ApiKey", "sk_test_0123456789\n")]
    [InlineData("ApiKey", "0123456789")]
    [InlineData("WebhookSecret", "")]
    [InlineData("WebhookSecret", "sk_test_0123456789")]
    [InlineData("DisplayName", " ")]
    [InlineData("ApiBase", "http://stripe.example")]
    [InlineData("ApiBase", "/v1")]
    [InlineData("CheckoutTime", "00:30:00")]
    [InlineData("CheckoutTime", "1.00:00:01")]
    [InlineData("Resilience:TotalTimeout", "00:00:10")]
    [InlineData("Resilience:MaxRetries", "-1")]
    public async Task A_wrong_setting_stops_the_host_at_start_and_is_named(string key, string value)
    {
        using var host = Host(key, value);

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            host.StartAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains("Stripe:" + key, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sk_test_0123456789", PaymentMode.Test)]
    [InlineData("rk_test_0123456789", PaymentMode.Test)]
    [InlineData("sk_live_0123456789", PaymentMode.Live)]
    [InlineData("rk_live_0123456789", PaymentMode.Live)]
    public void The_key_tells_whether_the_money_is_real(string key, PaymentMode mode)
    {
        using var host = Host("ApiKey", key);

        Assert.Equal(mode, host.Services.GetRequiredService<IPaymentProvider>().Mode);
    }

    [Theory]
    [InlineData(49, "EUR", true)]
    [InlineData(50, "EUR", false)]
    [InlineData(1, "JPY", false)]
    [InlineData(100_000_000, "EUR", true)]
    public void A_pack_that_Stripe_would_refuse_is_refused_at_start(long amount, string currency, bool isRefused)
    {
        using var host = Host("DisplayName", "Card");

        var error = host
            .Services.GetRequiredService<IPaymentProvider>()
            .RefusePack(new CreditPack("five", 5, new Money(amount, currency)));

        Assert.Equal(isRefused, error is not null);
    }

    [Fact]
    public void Adding_Stripe_twice_does_no_harm()
    {
        var services = new ServiceCollection();
        var builder = services.AddPayPerUse().AddStripe(_ => { }).AddStripe(_ => { });

        Assert.Single(builder.Services, s => s.ServiceType == typeof(IPaymentProvider));
        Assert.Single(builder.Services, s => s.ServiceType == typeof(IPaymentWebhook));
    }

    private static IHost Host(string key, string value)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Stripe:ApiKey"] = Orders.Key,
                ["Stripe:WebhookSecret"] = Orders.Secret,
                ["Stripe:" + key] = value,
            }
        );
        builder.Services.AddPayPerUse().AddStripe(builder.Configuration.GetSection("Stripe"));
        return builder.Build();
    }
}
