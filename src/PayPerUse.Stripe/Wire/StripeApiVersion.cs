using Stripe;

namespace PayPerUse.Stripe.Wire;

/// <summary>Versions such as <c>2026-10-28.endive</c>: those of one release train (the name) understand each other.</summary>
internal static class StripeApiVersion
{
    /// <summary>The version of the SDK, which the webhook endpoint must have too.</summary>
    public static string Expected => StripeConfiguration.ApiVersion;

    public static bool IsCompatible(string? version) =>
        version is not null
        && (
            string.Equals(version, Expected, StringComparison.Ordinal)
            || (TrainOf(version) is { } train && string.Equals(train, TrainOf(Expected), StringComparison.Ordinal))
        );

    private static string? TrainOf(string version)
    {
        var dot = version.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 || dot == version.Length - 1 ? null : version[(dot + 1)..];
    }
}
