namespace PayPerUse.Stripe;

/// <summary>What happens when the API is slow or down. Every try of a call carries the same idempotency key.</summary>
public sealed class StripeResilienceOptions
{
    /// <summary>How long one try may take.</summary>
    /// <value>5 seconds; 100 ms to <see cref="TotalTimeout"/>.</value>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call may take with all its tries. Below the 10 seconds in which an order is answered.</summary>
    /// <value>7 seconds; 100 ms to 9 seconds.</value>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>How often a call is tried again after a passing failure.</summary>
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
}
