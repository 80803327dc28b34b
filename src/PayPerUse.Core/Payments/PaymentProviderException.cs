namespace PayPerUse.Payments;

/// <summary>What a failed call to a provider means.</summary>
public enum PaymentProviderFailure
{
    /// <summary>Nothing happened there and it may work later (could not connect, circuit open, 429 before any effect).</summary>
    Unavailable = 1,

    /// <summary>It may have happened there (time-out, connection lost, 5xx after sending).</summary>
    Unknown = 2,

    /// <summary>It refused: our keys, our settings or our request are wrong; trying again does not help.</summary>
    Rejected = 3,
}

/// <summary>A provider did not do what was asked.</summary>
public sealed class PaymentProviderException : PayPerUseException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="failure">What it means.</param>
    /// <param name="message">What went wrong, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public PaymentProviderException(
        string provider,
        PaymentProviderFailure failure,
        string message,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        Provider = provider;
        Failure = failure;
    }

    /// <summary>The provider's id.</summary>
    public string Provider { get; }

    /// <summary>What it means.</summary>
    public PaymentProviderFailure Failure { get; }
}
