namespace PayPerUse.Credits;

/// <summary>Instants are UTC milliseconds: what a store keeps as one 64-bit integer.</summary>
public static class CreditTime
{
    /// <summary>Drops what is smaller than a millisecond and moves to UTC, so that memory and database agree.</summary>
    /// <param name="instant">Any instant.</param>
    public static DateTimeOffset Floor(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());

    /// <summary>The clock's time, to the millisecond.</summary>
    /// <param name="clock">The clock.</param>
    public static DateTimeOffset GetUtcNowInMilliseconds(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return Floor(clock.GetUtcNow());
    }
}
