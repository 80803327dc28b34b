using System.Diagnostics.CodeAnalysis;

namespace PayPerUse.Credits;

/// <summary>Names one credit account: an owner and the type of credits it holds.</summary>
/// <remarks>
/// Stored in one column as <c>owner/type</c> and compared ordinally everywhere (<see cref="CompareTo"/>). The default value is not a
/// valid account; every method that takes an account refuses it.
/// </remarks>
public readonly record struct AccountId : IComparable<AccountId>
{
    /// <summary>The type of credits an account holds unless another is named.</summary>
    public const string DefaultType = "credits";

    /// <summary>The longest owner, in UTF-16 characters.</summary>
    public const int MaxOwnerLength = 128;

    /// <summary>The longest type, in characters.</summary>
    public const int MaxTypeLength = 32;

    private readonly string? _value;
    private readonly int _ownerLength;

    /// <summary>Makes an account id.</summary>
    /// <param name="owner">Who owns the credits: opaque, 1 to 128 visible characters without <c>/</c>.</param>
    /// <param name="type">What is counted: 1 to 32 of a–z, 0–9 and <c>-</c>, starting with a letter.</param>
    /// <exception cref="ArgumentException">The owner or the type is not of that form.</exception>
    public AccountId(string owner, string type = DefaultType)
    {
        if (OwnerError(owner) is { } ownerError)
        {
            throw new ArgumentException(ownerError, nameof(owner));
        }

        if (!IsType(type))
        {
            throw new ArgumentException(
                $"An account type has 1 to {MaxTypeLength} characters out of a-z, 0-9 and '-', and starts with a letter.",
                nameof(type)
            );
        }

        _value = string.Concat(owner, "/", type);
        _ownerLength = owner.Length;
    }

    /// <summary>Who owns the credits.</summary>
    public string Owner => _value is null ? "" : _value[.._ownerLength];

    /// <summary>What is counted; <c>credits</c> by default.</summary>
    public string Type => _value is null ? "" : _value[(_ownerLength + 1)..];

    /// <summary>The stored form, <c>owner/type</c>; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <summary>Whether this is the default value, which names no account.</summary>
    public bool IsDefault => _value is null;

    /// <summary>Reads the stored form back.</summary>
    /// <param name="value">An account as <c>owner/type</c>.</param>
    /// <exception cref="FormatException">The text is not an account.</exception>
    public static AccountId Parse(string value) =>
        TryParse(value, out var account)
            ? account
            : throw new FormatException($"'{value}' is not an account: expected 'owner/type'.");

    /// <summary>Reads the stored form back, if it is one.</summary>
    /// <param name="value">An account as <c>owner/type</c>.</param>
    /// <param name="account">The account.</param>
    public static bool TryParse([NotNullWhen(true)] string? value, out AccountId account)
    {
        account = default;
        var slash = value?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0)
        {
            return false;
        }

        var owner = value![..slash];
        var type = value[(slash + 1)..];
        if (OwnerError(owner) is not null || !IsType(type))
        {
            return false;
        }

        account = new AccountId(owner, type);
        return true;
    }

    /// <inheritdoc />
    public bool Equals(AccountId other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => _value is null ? 0 : string.GetHashCode(_value, StringComparison.Ordinal);

    /// <summary>
    /// Compares ordinally, the order in which stores lock accounts: that of the UTF-8 bytes, as databases compare them.
    /// </summary>
    /// <param name="other">The other account.</param>
    public int CompareTo(AccountId other) => Compare(_value, other._value);

    /// <inheritdoc />
    public override string ToString() => Value;

    /// <summary>Whether the left account comes first, ordinally.</summary>
    public static bool operator <(AccountId left, AccountId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left account comes first or is the same.</summary>
    public static bool operator <=(AccountId left, AccountId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left account comes last, ordinally.</summary>
    public static bool operator >(AccountId left, AccountId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left account comes last or is the same.</summary>
    public static bool operator >=(AccountId left, AccountId right) => left.CompareTo(right) >= 0;

    /// <summary>Compares stored forms, or what stands for one where a page begins.</summary>
    internal static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var same = left.CommonPrefixLength(right);
        return same == left.Length || same == right.Length
            ? left.Length.CompareTo(right.Length)
            : PlaceOf(left[same]).CompareTo(PlaceOf(right[same]));
    }

    // A surrogate is half of a character that comes after all others, in UTF-8 too; by number it is not the last.
    private static int PlaceOf(char c) => char.IsSurrogate(c) ? c + char.MaxValue : c;

    /// <summary>Makes an account of the default type, if the owner may own one.</summary>
    internal static bool TryCreate(string owner, out AccountId account)
    {
        var isOwner = OwnerError(owner) is null;
        account = isOwner ? new AccountId(owner) : default;
        return isOwner;
    }

    private static string? OwnerError(string? owner)
    {
        if (string.IsNullOrEmpty(owner) || owner.Length > MaxOwnerLength)
        {
            return $"An account owner has 1 to {MaxOwnerLength} characters.";
        }

        if (owner.Contains('/', StringComparison.Ordinal) || !CreditText.IsVisible(owner))
        {
            return "An account owner has visible characters only, no space and no '/'.";
        }

        return null;
    }

    private static bool IsType([NotNullWhen(true)] string? type)
    {
        if (type is null || type.Length is 0 or > MaxTypeLength || !char.IsAsciiLetterLower(type[0]))
        {
            return false;
        }

        foreach (var c in type)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
