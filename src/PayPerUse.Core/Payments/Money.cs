using System.Globalization;

namespace PayPerUse.Payments;

/// <summary>An amount of money in minor units (cents) of a currency.</summary>
public sealed record Money
{
    /// <summary>Makes an amount.</summary>
    /// <param name="amount">Minor units, 0 or more: 100 is €1.00.</param>
    /// <param name="currency">Three capital letters of ISO 4217.</param>
    /// <exception cref="ArgumentException">The amount is negative or the currency is not of that form.</exception>
    public Money(long amount, string currency)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        if (currency is not { Length: 3 } || !currency.All(char.IsAsciiLetterUpper))
        {
            throw new ArgumentException(
                "A currency is three capital letters (ISO 4217), such as EUR.",
                nameof(currency)
            );
        }

        Amount = amount;
        Currency = currency;
    }

    /// <summary>Minor units.</summary>
    public long Amount { get; }

    /// <summary>Three capital letters of ISO 4217.</summary>
    public string Currency { get; }

    /// <summary>Makes an amount of euros.</summary>
    /// <param name="euros">Euros with at most two decimals.</param>
    /// <exception cref="ArgumentException">There are fractions of a cent, or the amount is negative.</exception>
    public static Money Euro(decimal euros)
    {
        var cents = euros * 100m;
        return decimal.IsInteger(cents)
            ? new Money((long)cents, "EUR")
            : throw new ArgumentException("An amount in euros has at most two decimals.", nameof(euros));
    }

    /// <summary>Writes the amount as people do in a culture, such as <c>€ 1,00</c> in Dutch.</summary>
    /// <param name="culture">Whose manner. It does not change the currency.</param>
    public string ToText(CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        var format = (NumberFormatInfo)culture.NumberFormat.Clone();
        format.CurrencySymbol = Currency == "EUR" ? "€" : Currency;
        format.CurrencyDecimalDigits = 2;

        // Never over two lines.
        return (Amount / 100m).ToString("C", format).Replace(' ', '\u00a0');
    }

    /// <inheritdoc />
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Amount / 100m:0.00} {Currency}");
}
