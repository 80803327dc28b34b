namespace PayPerUse.Receipts;

/// <summary>How much VAT is in a price: a pure function.</summary>
public static class VatRule
{
    /// <summary>
    /// The VAT that a price has in it, rounded once, to the nearest minor unit and halves up; the net price is what is left, so
    /// that the two always add up.
    /// </summary>
    /// <param name="amount">The price, VAT included, in minor units; 0 or more.</param>
    /// <param name="rate">Percent, 0 or more.</param>
    public static long In(long amount, decimal rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        return (long)Math.Round(amount * rate / (100 + rate), MidpointRounding.AwayFromZero);
    }
}
