using PayPerUse.Receipts;

namespace PayPerUse.Core.Tests.Receipts;

public sealed class VatRuleTests
{
    [Theory]
    [InlineData(100, "21", 17)]
    [InlineData(121, "21", 21)]
    [InlineData(500, "21", 87)]
    [InlineData(106, "6", 6)]
    [InlineData(100, "0", 0)]
    [InlineData(0, "21", 0)]
    [InlineData(1, "100", 1)] // Half a cent: up.
    [InlineData(3, "100", 2)]
    public void The_VAT_in_a_price_is_rounded_once_to_the_nearest_cent(long price, string rate, long vat) =>
        Assert.Equal(vat, VatRule.In(price, decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture)));
}
