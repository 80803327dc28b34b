using System.Globalization;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Payments;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("nl", 100, "EUR", "€ 1,00")]
    [InlineData("fr", 123456, "EUR", "1 234,56 €")]
    [InlineData("de", 123456, "EUR", "1.234,56 €")]
    [InlineData("en", 5, "EUR", "€0.05")]
    [InlineData("nl", 100, "CHF", "CHF 1,00")]
    [InlineData("", 100, "EUR", "€1.00")]
    public void An_amount_is_written_as_people_do(string language, long amount, string currency, string written)
    {
        var text = new Money(amount, currency).ToText(CultureInfo.GetCultureInfo(language));

        Assert.DoesNotContain(' ', text);

        // Which kind of space it is depends on the version of the system's data.
        Assert.Equal(written, string.Concat(text.Select(c => char.IsWhiteSpace(c) ? ' ' : c)));
    }

    [Fact]
    public void For_machines_it_is_written_the_same_everywhere() =>
        Assert.Equal("1234.56 EUR", new Money(123456, "EUR").ToString());
}
