namespace PayPerUse.Payments;

/// <summary>What a customer would get back for a payment now.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Credits">Its unspent credits; 0 when there is nothing to withdraw.</param>
/// <param name="Amount">The price of those.</param>
/// <param name="Until">Until when it can be withdrawn.</param>
/// <param name="IsInTime">Whether that is still to come.</param>
/// <param name="IsByHand">Whether a person must transfer the money, because the provider cannot.</param>
public sealed record WithdrawalQuote(
    Payment Payment,
    long Credits,
    Money Amount,
    DateTimeOffset Until,
    bool IsInTime,
    bool IsByHand
)
{
    /// <summary>Whether the customer can withdraw now.</summary>
    public bool IsOpen => IsInTime && Credits > 0;
}

/// <summary>How a withdrawal ended.</summary>
public enum WithdrawalStatus
{
    /// <summary>The credits are taken back, and the money has gone back or is on its way.</summary>
    Accepted = 1,

    /// <summary>There is no such payment, or it is not paid.</summary>
    NotFound = 2,

    /// <summary>None of its credits are unspent.</summary>
    NothingLeft = 3,

    /// <summary>The time to withdraw is over, or the app offers none.</summary>
    Over = 4,

    /// <summary>The amount is no longer the one that was shown; nothing has happened.</summary>
    Changed = 5,

    /// <summary>The provider refused the refund; the credits are as before.</summary>
    Refused = 6,

    /// <summary>The provider does not answer now; nothing has happened.</summary>
    Unavailable = 7,
}

/// <summary>What a withdrawal came to.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Payment">The payment as it stands now; null when there is none.</param>
/// <param name="Refund">The refund, with the moment of the withdrawal; null when there is none.</param>
public sealed record WithdrawalResult(WithdrawalStatus Status, Payment? Payment = null, PaymentRefund? Refund = null);
