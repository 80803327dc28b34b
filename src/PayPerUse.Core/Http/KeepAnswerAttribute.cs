namespace PayPerUse.Http;

/// <summary>
/// Beside <see cref="RequireCreditsAttribute"/>: keeps the paid answer and gives it again, for free, to the same account with the
/// same Idempotency-Key. The same as <c>KeepAnswer(…)</c> on an endpoint or a group. The innermost one counts.
/// </summary>
/// <remarks>
/// What is kept are status, headers except cookies, and body, encrypted with Data Protection, up to
/// <see cref="PayPerUseHttpOptions.KeptAnswerLimit"/>. It is saved before the charge and given only when that charge is
/// committed: never lost once charged, never given unless charged.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class KeepAnswerAttribute : Attribute
{
    /// <summary>The longest time: ids of reservations are remembered for at least as long.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(90);

    /// <summary>Keeps answers for some hours.</summary>
    /// <param name="hours">More than 0, up to 2160 (90 days).</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public KeepAnswerAttribute(double hours)
        : this(TimeSpan.FromHours(Math.Clamp(hours, -1, MaxTime.TotalHours + 1))) { }

    internal KeepAnswerAttribute(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, MaxTime);
        Time = time;
    }

    /// <summary>How long an answer is kept.</summary>
    public TimeSpan Time { get; }
}
