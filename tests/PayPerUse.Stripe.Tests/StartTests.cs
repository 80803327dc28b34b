using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Stripe.Tests;

/// <summary>What stops a host that takes payments with Stripe, and what it is warned of.</summary>
public sealed class StartTests
{
    private const string LiveKey = "sk_live_TopSecret0123456789";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Stripe:ApiKey", null)]
    [InlineData("Stripe:ApiKey", "pk_test_0123456789abcdef")]
    [InlineData("Stripe:WebhookSecret", null)]
    [InlineData("Stripe:WebhookSecret", "0123456789abcdef")]
    public async Task A_missing_or_malformed_secret_stops_it_with_one_sentence_that_names_the_setting(
        string key,
        string? value
    )
    {
        var failure = Assert.Single(await Start().FailuresAsync(Token, key, value));

        Assert.StartsWith(key + ": ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_key_in_Development_stops_it()
    {
        var failure = Assert.Single(
            await Start(Environments.Development).FailuresAsync(Token, "Stripe:ApiKey", LiveKey)
        );

        Assert.Contains("stripe has keys or hosts of real money in Development", failure, StringComparison.Ordinal);
        Assert.Contains("PayPerUse:AllowLiveMoneyInDevelopment", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("TopSecret", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pack_under_the_minimum_stops_it()
    {
        var failure = Assert.Single(await Start(price: Money.Euro(0.49m)).FailuresAsync(Token));

        Assert.Contains("pack 'five' cannot be sold with stripe", failure, StringComparison.Ordinal);
        Assert.Contains("0.50 EUR", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pack_of_one_euro_loses_too_much_to_the_fee_and_one_of_five_does_not()
    {
        var warning = Assert.Single(await Start(price: Money.Euro(1.00m)).WarningsAsync(Token));

        Assert.Contains("five", warning, StringComparison.Ordinal);
        Assert.Contains("27 %", warning, StringComparison.Ordinal);
        Assert.Empty(await Start().WarningsAsync(Token));
    }

    private static ProviderStart Start(string environment = "Production", Money? price = null) =>
        new(
            (builder, configuration) => builder.AddStripe(configuration.GetSection("Stripe")),
            new Dictionary<string, string?> { ["Stripe:ApiKey"] = Orders.Key, ["Stripe:WebhookSecret"] = Orders.Secret }
        )
        {
            Environment = environment,
            Price = price ?? Money.Euro(5.00m),
        };
}
