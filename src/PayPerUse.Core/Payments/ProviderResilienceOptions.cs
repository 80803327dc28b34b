using System.Globalization;

namespace PayPerUse.Payments;

/// <summary>
/// What happens when a provider's API is slow or down. Bound from the provider's section, such as
/// <c>Stripe:Resilience:MaxRetries</c>. A call that is repeated is the same call, with the same idempotency key.
/// </summary>
public sealed class ProviderResilienceOptions
{
    /// <summary>How long one try may take.</summary>
    /// <value>5 seconds; 100 ms to <see cref="TotalTimeout"/>.</value>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call may take with all its tries. Below the 10 seconds in which an order is answered.</summary>
    /// <value>7 seconds; 100 ms to 9 seconds.</value>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>How often a call that may be repeated is tried again after a passing failure.</summary>
    /// <value>2; 0 to 10.</value>
    public int MaxRetries { get; set; } = 2;

    /// <summary>How long before the first retry; it doubles each time, with jitter.</summary>
    /// <value>250 ms; 1 ms to 5 seconds.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Which part of the calls must fail before no more are sent for a while.</summary>
    /// <value>0.5; above 0, at most 1.</value>
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>How many calls are needed in <see cref="BreakerSampling"/> before the ratio counts.</summary>
    /// <value>10; 2 to 10 000.</value>
    public int BreakerMinCalls { get; set; } = 10;

    /// <summary>Over how long the ratio is taken.</summary>
    /// <value>30 seconds; 500 ms to 1 hour.</value>
    public TimeSpan BreakerSampling { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long no calls are sent then.</summary>
    /// <value>15 seconds; 500 ms to 1 hour.</value>
    public TimeSpan BreakerBreak { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Says what is out of its range, for a provider's own validator.</summary>
    /// <returns>One sentence for each option, beginning with <c>Resilience:</c> and its name; none when all is well.</returns>
    public IEnumerable<string> FindErrors()
    {
        var least = TimeSpan.FromMilliseconds(100);
        var half = TimeSpan.FromMilliseconds(500);
        var hour = TimeSpan.FromHours(1);
        return new[]
        {
            Check(TotalTimeout, least, TimeSpan.FromSeconds(9), nameof(TotalTimeout)),
            Check(TryTimeout, least, TotalTimeout, nameof(TryTimeout)),
            Check(MaxRetries, 0, 10, nameof(MaxRetries)),
            Check(RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5), nameof(RetryDelay)),
            BreakerFailureRatio is > 0 and <= 1
                ? null
                : $"Resilience:{nameof(BreakerFailureRatio)}: must be above 0 and at most 1.",
            Check(BreakerMinCalls, 2, 10_000, nameof(BreakerMinCalls)),
            Check(BreakerSampling, half, hour, nameof(BreakerSampling)),
            Check(BreakerBreak, half, hour, nameof(BreakerBreak)),
        }.OfType<string>();
    }

    private static string? Check<T>(T value, T min, T max, string option)
        where T : IComparable<T> =>
        value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Resilience:{option}: must be between {min} and {max}, not {value}."
            );
}
