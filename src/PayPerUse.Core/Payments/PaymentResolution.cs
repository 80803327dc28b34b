namespace PayPerUse.Payments;

/// <summary>What a person decides about a payment in review.</summary>
public enum PaymentResolution
{
    /// <summary>The credits of our order are granted, or stay granted, as if it matched.</summary>
    Grant = 1,

    /// <summary>The money is sent back, and no credits remain.</summary>
    Refund = 2,
}
