namespace PayPerUse.Payments;

/// <summary>The right to take back a purchase: unspent credits are refunded to who asks in time.</summary>
public sealed class WithdrawalOptions
{
    /// <summary>
    /// For how many days after that of the payment a customer can withdraw, to the end of the last one; one that falls in a
    /// weekend is moved to Monday. In the European Union a consumer has 14.
    /// </summary>
    /// <value>0: customers cannot withdraw by themselves; up to 366.</value>
    public int Days { get; set; }

    /// <summary>The time zone in which days end.</summary>
    /// <value><c>Europe/Brussels</c>.</value>
    public string TimeZone { get; set; } = "Europe/Brussels";

    /// <summary>Until when a payment can be withdrawn.</summary>
    /// <param name="paidAt">When it was paid.</param>
    internal DateTimeOffset EndOf(DateTimeOffset paidAt)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var last = TimeZoneInfo.ConvertTime(paidAt, zone).Date.AddDays(Days);
        var rest = last.DayOfWeek switch
        {
            DayOfWeek.Saturday => 2,
            DayOfWeek.Sunday => 1,
            _ => 0,
        };
        var end = last.AddDays(rest + 1);
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }
}
