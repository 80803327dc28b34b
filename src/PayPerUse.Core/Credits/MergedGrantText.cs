using System.Globalization;

namespace PayPerUse.Credits;

/// <summary>What a grant was when it came with a merge: the log tells it, so that the grant can be verified from there on.</summary>
/// <param name="Credits">How many were granted.</param>
/// <param name="Revoked">How many were taken back, net of what was restored.</param>
/// <param name="GrantedAt">When it was granted.</param>
internal readonly record struct MergedGrantText(long Credits, long Revoked, DateTimeOffset GrantedAt)
{
    public static MergedGrantText Of(CreditGrant grant) => new(grant.Credits, grant.Revoked, grant.GrantedAt);

    public static bool TryParse(string? text, out MergedGrantText merged)
    {
        merged = default;
        if (
            text?.Split('@') is not [var numbers, var time]
            || numbers.Split('-') is not [var granted, var taken]
            || !TryRead(granted, out var credits)
            || !TryRead(taken, out var revoked)
            || !TryRead(time, out var at)
            || at > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        )
        {
            return false;
        }

        merged = new MergedGrantText(credits, revoked, DateTimeOffset.FromUnixTimeMilliseconds(at));
        return true;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Credits}-{Revoked}@{GrantedAt.ToUnixTimeMilliseconds()}");

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
