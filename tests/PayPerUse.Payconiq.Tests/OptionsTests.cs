using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests;

public sealed class OptionsTests
{
    private static readonly Dictionary<string, string?> Right = new()
    {
        ["Payconiq:ApiKey"] = "secret",
        ["Payconiq:ProfileId"] = "5bb37284e35e2b29e363df22",
    };

    [Fact]
    public void Nothing_but_a_key_and_a_profile_is_production()
    {
        var options = Read(Right);

        Assert.Equal("https://merchant.api.bancontact.net/", options.EffectiveApiBase.AbsoluteUri);
        Assert.Equal("https://jwks.bancontact.net/", options.EffectiveJwksUri!.AbsoluteUri);
        Assert.Equal(PaymentMode.Live, options.EffectiveMode);
    }

    [Fact]
    public void The_test_environment_has_its_own_keys_and_no_real_money()
    {
        var options = Read(new(Right) { ["Payconiq:ApiBase"] = PayconiqDefaults.PreprodApiBase });

        Assert.Equal("https://jwks.preprod.bancontact.net/", options.EffectiveJwksUri!.AbsoluteUri);
        Assert.Equal(PaymentMode.Test, options.EffectiveMode);
    }

    [Theory]
    [InlineData("ApiKey", "")]
    [InlineData("ApiKey", "has space")]
    [InlineData("ApiKey", "has\nline")]
    [InlineData("ProfileId", " ")]
    [InlineData("DisplayName", "")]
    [InlineData("ApiBase", "merchant.api.bancontact.net")]
    [InlineData("ApiBase", "http://merchant.api.bancontact.net")]
    [InlineData("ApiBase", "ftp://merchant.api.bancontact.net")]
    [InlineData("ApiBase", "https://user:pass@merchant.api.bancontact.net")]
    [InlineData("JwksUri", "http://jwks.bancontact.net")]
    [InlineData("CheckoutTime", "00:00:01")]
    [InlineData("Resilience:TotalTimeout", "00:00:10")]
    [InlineData("Resilience:TryTimeout", "00:00:08")]
    [InlineData("Resilience:MaxRetries", "11")]
    [InlineData("Resilience:RetryDelay", "00:00:00")]
    [InlineData("Resilience:BreakerFailureRatio", "0")]
    [InlineData("Resilience:BreakerMinCalls", "1")]
    [InlineData("Resilience:BreakerSampling", "00:00:00")]
    [InlineData("Resilience:BreakerBreak", "02:00:00")]
    public void A_wrong_setting_stops_the_host_naming_its_key_and_no_secret(string key, string value)
    {
        var e = Assert.Throws<OptionsValidationException>(() => Read(new(Right) { ["Payconiq:" + key] = value }));

        Assert.Contains(e.Failures, f => f.StartsWith($"Payconiq:{key}: ", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", e.Message);
    }

    [Theory]
    [InlineData("Payconiq:JwksUri")]
    [InlineData("Payconiq:Mode")]
    public void A_host_that_nobody_knows_must_come_with_its_keys_and_its_mode(string key)
    {
        var e = Assert.Throws<OptionsValidationException>(() =>
            Read(new(Right) { ["Payconiq:ApiBase"] = "https://gateway.example/payconiq" })
        );

        Assert.Contains(e.Failures, f => f.StartsWith(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_without_settings_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddPayPerUse().AddPayconiq(builder.Configuration.GetSection("Payconiq"));
        using var host = builder.Build();

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            host.StartAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains("Payconiq:ApiKey", e.Message);
        Assert.Contains("Payconiq:ProfileId", e.Message);
    }

    [Fact]
    public void Adding_it_twice_is_adding_it_once()
    {
        var services = new ServiceCollection();

        services.AddPayPerUse().AddPayconiq(_ => { }).AddPayconiq(_ => { });

        Assert.Single(services, s => s.ServiceType == typeof(IPaymentProvider));
        Assert.Single(services, s => s.ServiceType == typeof(IPaymentWebhook));
        Assert.Single(services, s => s.ServiceType == typeof(IValidateOptions<PayconiqOptions>));
    }

    private static PayconiqOptions Read(Dictionary<string, string?> settings)
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Payconiq");
        var services = new ServiceCollection();
        services.AddPayPerUse().AddPayconiq(section);
        return services.BuildServiceProvider().GetRequiredService<IOptions<PayconiqOptions>>().Value;
    }
}
