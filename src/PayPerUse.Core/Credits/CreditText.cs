using System.Globalization;
using System.Text;

namespace PayPerUse.Credits;

/// <summary>Which texts may name accounts, operations and actions, so that no text can poison a database batch.</summary>
internal static class CreditText
{
    /// <summary>Whether every character can be seen: no control, space, format or unassigned character, no lone surrogate.</summary>
    public static bool IsVisible(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyExceptInRange('!', '~') is var other and >= 0)
        {
            text = text[other..];
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control:
                case UnicodeCategory.Format:
                case UnicodeCategory.LineSeparator:
                case UnicodeCategory.ParagraphSeparator:
                case UnicodeCategory.SpaceSeparator:
                case UnicodeCategory.OtherNotAssigned:
                case UnicodeCategory.PrivateUse:
                case UnicodeCategory.Surrogate:
                    return false;
            }

            text = text[length..];
        }

        return true;
    }
}
