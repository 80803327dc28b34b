namespace PayPerUse.Payments;

/// <summary>Which way credits go when money went back.</summary>
public enum PaymentReversalKind
{
    /// <summary>Credits are taken back.</summary>
    Revoke = 1,

    /// <summary>Credits that were taken back are given again: a refund failed, or a dispute was won.</summary>
    Restore = 2,
}

/// <summary>
/// One reversal, saved with the payment before the ledger is called: however often it is tried, it is the same command.
/// </summary>
/// <param name="Number">1 for the payment's first.</param>
/// <param name="Kind">Which way.</param>
/// <param name="Credits">How many, at least 1.</param>
public sealed record PaymentReversal(int Number, PaymentReversalKind Kind, long Credits)
{
    /// <summary>The ledger's id of it.</summary>
    /// <param name="payment">The payment it belongs to.</param>
    public string IdOf(Payment payment)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{payment.GrantId}:rev:{Number}");
    }
}
