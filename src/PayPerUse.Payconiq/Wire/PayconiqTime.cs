using System.Globalization;

namespace PayPerUse.Payconiq.Wire;

/// <summary>Instants as the API writes them: ISO 8601 in UTC with 3, 6 or 9 fraction digits.</summary>
internal static class PayconiqTime
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads an instant; null when there is none or it cannot be read, since no decision needs it.</summary>
    public static DateTimeOffset? Read(string? text)
    {
        // .NET reads seven fraction digits at most; the rest is below its resolution.
        if (text is { Length: > 28 } && text.IndexOf('.', StringComparison.Ordinal) == 19)
        {
            var end = 20;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            text = end > 27 ? string.Concat(text.AsSpan(0, 27), text.AsSpan(end)) : text;
        }

        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;
    }
}
