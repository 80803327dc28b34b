using System.Globalization;

namespace PayPerUse.Stripe.Wire;

/// <summary>
/// How far Stripe's event list was read. It is listed newest first, so a window of time is read page by page before the next one
/// begins: until then the cursor remembers where the window ends and which event came last.
/// </summary>
/// <param name="From">The window's begin, by Stripe's clock.</param>
/// <param name="To">The window's end; null before its first page was read.</param>
/// <param name="After">The last event read of the window.</param>
internal sealed record EventCursor(DateTimeOffset From, DateTimeOffset? To = null, string? After = null)
{
    /// <summary>Events may show up in the list a while after the moment that they bear.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    // While nothing happens the cursor need not be saved every time.
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    /// <summary>Reads a cursor; null when it is not one of ours.</summary>
    public static EventCursor? Parse(string text) =>
        text.Split(' ') switch
        {
            [var from] when TryReadTime(from, out var begin) => new(begin),
            [var from, var to, { Length: > 0 } after]
                when TryReadTime(from, out var begin) && TryReadTime(to, out var end) => new(begin, end, after),
            _ => null,
        };

    /// <summary>The cursor after a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="now">The moment, by our clock, should Stripe not say.</param>
    public EventCursor Next(EventPage page, DateTimeOffset now)
    {
        var to = To ?? page.Date ?? now;
        if (page is { HasMore: true, LastId: { } last })
        {
            return this with { To = to, After = last };
        }

        // Never back: what was read is read.
        var next = to - Margin < From ? From : to - Margin;
        return To is null && page.Events.IsEmpty && next - From < Step ? this : new(next);
    }

    public override string ToString() =>
        To is { } to
            ? string.Create(CultureInfo.InvariantCulture, $"{Seconds(From)} {Seconds(to)} {After}")
            : Seconds(From);

    private static string Seconds(DateTimeOffset time) =>
        time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static bool TryReadTime(string text, out DateTimeOffset time)
    {
        var isTime =
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        time = isTime ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        return isTime;
    }
}
