using System.Globalization;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Endpoints;

/// <summary>How many entries of a list a caller asks for at once, by the query's <c>limit</c>: 1 to 200, 50 when not said.</summary>
internal static class PageLimit
{
    private const int Default = 50;
    private const int Max = 200;

    /// <summary>Reads it; what is wrong goes to the errors.</summary>
    public static int Read(string? limit, InvalidFields errors)
    {
        if (limit is null)
        {
            return Default;
        }

        if (
            int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= Max
        )
        {
            return count;
        }

        errors.Add("limit", $"must be a whole number from 1 to {Max}.");
        return Default;
    }
}
