using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Payconiq.Tests;

/// <summary>What stops a host that takes payments with Payconiq, and what it is warned of.</summary>
public sealed class StartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Payconiq:ApiKey", null)]
    [InlineData("Payconiq:ApiKey", "TopSecret with spaces")]
    [InlineData("Payconiq:ProfileId", null)]
    [InlineData("Payconiq:SigningKey", "TopSecret")]
    public async Task A_missing_or_malformed_key_stops_it_with_one_sentence_that_names_the_setting(
        string key,
        string? value
    )
    {
        var failure = Assert.Single(await Start().FailuresAsync(Token, key, value));

        Assert.StartsWith(key + ": ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("TopSecret", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_production_host_in_Development_stops_it()
    {
        var failure = Assert.Single(await Start(Environments.Development).FailuresAsync(Token));

        Assert.Contains("payconiq has keys or hosts of real money in Development", failure, StringComparison.Ordinal);
        Assert.Contains("PayPerUse:AllowLiveMoneyInDevelopment", failure, StringComparison.Ordinal);
    }

    /// <summary>Its minimum, one cent, is that of a pack's price itself.</summary>
    [Fact]
    public async Task A_pack_that_Payconiq_does_not_take_stops_it()
    {
        var failure = Assert.Single(await Start(price: new Money(100, "USD")).FailuresAsync(Token));

        Assert.Contains("pack 'five' cannot be sold with payconiq", failure, StringComparison.Ordinal);
        Assert.Contains("EUR only", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pack_of_one_euro_loses_too_much_to_the_fee_and_one_of_five_does_not()
    {
        var warning = Assert.Single(await Start(price: Money.Euro(1.00m)).WarningsAsync(Token));

        Assert.Contains("five", warning, StringComparison.Ordinal);
        Assert.Contains("20 %", warning, StringComparison.Ordinal);
        Assert.Empty(await Start().WarningsAsync(Token));
    }

    [Fact]
    public async Task The_simulator_has_no_fee_to_warn_of()
    {
        var start = new ProviderStart((builder, _) => builder.AddPayconiqSimulator(), new Dictionary<string, string?>())
        {
            Environment = Environments.Development,
            Price = Money.Euro(1.00m),
        };

        Assert.Empty(await start.WarningsAsync(Token));
    }

    private static ProviderStart Start(string environment = "Production", Money? price = null) =>
        new(
            (builder, configuration) => builder.AddPayconiq(configuration.GetSection("Payconiq")),
            new Dictionary<string, string?>
            {
                ["Payconiq:ApiKey"] = "TopSecretKey",
                ["Payconiq:ProfileId"] = "5bb37284e35e2b29e363df22",
            }
        )
        {
            Environment = environment,
            Price = price ?? Money.Euro(5.00m),
        };
}
