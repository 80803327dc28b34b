namespace PayPerUse.Testing;

/// <summary>
/// The long mode, <c>PAYPERUSE_LONG=1</c>: the same tests, with more stories, more crashes and more load. <c>.ci/run --long</c>
/// turns it on.
/// </summary>
public static class LongRun
{
    /// <summary>Whether there is time.</summary>
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("PAYPERUSE_LONG") == "1";
}
