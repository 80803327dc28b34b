using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PayPerUse.Receipts;

namespace PayPerUse.Core.Tests.Receipts;

public sealed class SellerOptionsTests
{
    public static TheoryData<string, string, string> Wrong =>
        new()
        {
            { "Name", "", "Seller:Name: is missing" },
            { "Address", "", "Seller:Address: is missing" },
            { "Email", "", "Seller:Email: is missing" },
            { "Email", "sint", "Seller:Email: 'sint' is not an e-mail address" },
            { "EnterpriseNumber", "", "Seller:EnterpriseNumber: is missing" },
            { "EnterpriseNumber", "0123.456.748", "Seller:EnterpriseNumber: '0123.456.748' has wrong check digits" },
            { "VatNumber", "BE0123456748", "Seller:VatNumber: 'BE0123456748' has wrong check digits" },
            { "VatNumber", "", "Seller:VatNumber: set it, with Seller:VatRate, or set Seller:IsSmallBusiness" },
            { "IsSmallBusiness", "true", "one of the two" },
            { "VatRate", "", "Seller:VatRate: set it to the percentage" },
            { "VatRate", "101", "Seller:VatRate: set it to the percentage" },
            { "VatRate", "6.125", "Seller:VatRate: has at most two decimals" },
            { "SmallBusinessMention", "x", "Seller:SmallBusinessMention: is for a small business" },
            { "SeriesPrefix", "a b", "Seller:SeriesPrefix" },
            { "TimeZone", "Mars/Olympus", "Seller:TimeZone: there is no time zone 'Mars/Olympus'" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_is_named_when_the_host_starts(string setting, string value, string error)
    {
        var failures = Assert
            .Throws<OptionsValidationException>(() => Read(new() { [setting] = value }))
            .Failures.ToArray();

        Assert.Contains(failures, f => f.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_right_seller_and_a_small_business_start()
    {
        Assert.Equal(21m, Read([]).VatRate);
        Assert.True(
            Read(
                new()
                {
                    ["VatNumber"] = null,
                    ["VatRate"] = null,
                    ["IsSmallBusiness"] = "true",
                }
            ).IsSmallBusiness
        );
    }

    [Fact]
    public void An_app_without_a_seller_starts_and_has_no_receipts()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddPayPerUse().AddSeller(new ConfigurationBuilder().Build());
        using var provider = services.BuildServiceProvider();

        Assert.False(provider.GetRequiredService<IOptions<SellerOptions>>().Value.IsConfigured);
        Assert.False(provider.GetRequiredService<IOptions<PayPerUseOptions>>().Value.HasCreditEvents);
    }

    private static SellerOptions Read(Dictionary<string, string?> changes)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Name"] = "Sint & Co",
            ["Address"] = "Kaai 1, 2000 Antwerpen",
            ["Email"] = "post@sint.example",
            ["EnterpriseNumber"] = "0123.456.749",
            ["VatNumber"] = "BE0123456749",
            ["VatRate"] = "21",
        };
        foreach (var (setting, value) in changes)
        {
            settings[setting] = value == "" && setting.StartsWith("Vat", StringComparison.Ordinal) ? null : value;
        }

        var services = new ServiceCollection().AddLogging();
        services.AddPayPerUse().AddSeller(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<SellerOptions>>().Value;
    }
}
