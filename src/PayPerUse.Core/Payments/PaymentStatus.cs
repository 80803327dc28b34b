namespace PayPerUse.Payments;

/// <summary>Where a payment stands.</summary>
public enum PaymentStatus
{
    /// <summary>Waiting for the customer.</summary>
    Pending = 1,

    /// <summary>The provider is working on it, or the credits are about to be granted.</summary>
    Processing = 2,

    /// <summary>Paid, and the credits are granted. Partly refunded payments stay here.</summary>
    Paid = 3,

    /// <summary>The provider says that it failed.</summary>
    Failed = 4,

    /// <summary>The customer or we called it off.</summary>
    Canceled = 5,

    /// <summary>Nobody paid in time. Should the money arrive all the same, it is still granted, once.</summary>
    Expired = 6,

    /// <summary>All of the money went back.</summary>
    Refunded = 7,

    /// <summary>The customer's bank took the money back.</summary>
    Disputed = 8,

    /// <summary>What the provider says does not match our order; a person decides.</summary>
    Review = 9,
}

/// <summary>Whether money is real.</summary>
public enum PaymentMode
{
    /// <summary>Pretend money.</summary>
    Test = 1,

    /// <summary>Real money.</summary>
    Live = 2,
}
