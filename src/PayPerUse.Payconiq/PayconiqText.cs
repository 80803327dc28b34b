using System.Globalization;
using System.Text;

namespace PayPerUse.Payconiq;

/// <summary>Text that goes to the provider, and text that comes from it.</summary>
internal static class PayconiqText
{
    /// <summary>The longest description the API takes, in characters.</summary>
    public const int MaxDescription = 140;

    /// <summary>
    /// Brings a text into the SEPA character set (a–z A–Z 0–9 / - ? : ( ) . , ' + and space; no slash at either end and no two
    /// in a row): accents go, other characters become spaces. Null when nothing is left.
    /// </summary>
    public static string? ToSepa(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text.Replace("€", "EUR", StringComparison.Ordinal).Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }

            var mapped =
                IsSepa(c) ? c
                : c is '’' or '‘' ? '\''
                : c is '–' or '—' ? '-'
                : c == '&' ? '+'
                : ' ';
            var last = clean.Length > 0 ? clean[^1] : ' ';
            if (!((mapped == ' ' && last == ' ') || (mapped == '/' && last == '/')))
            {
                clean.Append(mapped);
            }
        }

        var length = Math.Min(clean.Length, MaxDescription);
        var result = clean.ToString(0, length).Trim(' ', '/');
        return result.Length == 0 ? null : result;
    }

    /// <summary>Whether a text keeps to the SEPA character set.</summary>
    public static bool IsSepa(string text) =>
        text.All(IsSepa)
        && !text.StartsWith('/')
        && !text.EndsWith('/')
        && !text.Contains("//", StringComparison.Ordinal);

    /// <summary>What a stranger wrote, made fit for one line of a log.</summary>
    public static string Quote(string? text) =>
        text is null
            ? "(nothing)"
            : string.Concat(text.Take(200).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    private static bool IsSepa(char c) =>
        char.IsAsciiLetterOrDigit(c) || "/-?:().,'+ ".Contains(c, StringComparison.Ordinal);
}
