using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace PayPerUse.Http.Endpoints;

/// <summary>Where a page of history ends. Opaque to clients, so that its inside can change.</summary>
internal static class HistoryCursor
{
    private const string Version = "1.";

    public static string Of(long sequence) =>
        Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version}{sequence}"))
        );

    /// <summary>Reads a cursor back; null when it is not one of ours.</summary>
    public static long? Parse(string cursor)
    {
        if (cursor.Length is 0 or > 64 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor));
        return
            text.StartsWith(Version, StringComparison.Ordinal)
            && long.TryParse(
                text.AsSpan(Version.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var sequence
            )
            && sequence > 0
            && string.Equals(Of(sequence), cursor, StringComparison.Ordinal)
            ? sequence
            : null;
    }
}
