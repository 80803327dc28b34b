namespace PayPerUse.Credits;

/// <summary>The numbers that the rules follow.</summary>
public sealed record CreditPolicy
{
    /// <summary>The rules with nothing changed.</summary>
    public static CreditPolicy Default { get; } = new();

    /// <summary>How many spends and reserves an account may have applied in a window.</summary>
    /// <value>null: no limit.</value>
    public CreditRateLimit? RateLimit { get; init; }

    /// <summary>How long a reservation is kept unless its command says otherwise.</summary>
    /// <value>10 minutes.</value>
    public TimeSpan ReservationTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after a grant's expiry credits that come back to it stay usable, once.</summary>
    /// <value>7 days.</value>
    public TimeSpan ReturnGrace { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>A fixed window, kept on the account: it begins with the first applied spend or reserve after the last one ended.</summary>
/// <param name="Permits">How many spends and reserves may be applied in a window; at least 1.</param>
/// <param name="Window">How long a window lasts; a millisecond to 366 days.</param>
public sealed record CreditRateLimit(int Permits, TimeSpan Window);
