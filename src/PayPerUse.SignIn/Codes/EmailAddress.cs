using System.Diagnostics.CodeAnalysis;
using System.Net.Mail;

namespace PayPerUse.SignIn.Codes;

/// <summary>Which e-mail addresses can sign in, and in which one form they are kept.</summary>
internal static class EmailAddress
{
    public const int MaxLength = 254;

    [return: NotNullIfNotNull(nameof(email))]
    public static string? Normalize(string? email) => email?.Trim().ToLowerInvariant();

    public static bool IsValid([NotNullWhen(true)] string? email) =>
        email is { Length: > 0 and <= MaxLength }
        && !email.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && MailAddress.TryCreate(email, out var address)
        && address.Address == email
        && address.Host.Contains('.', StringComparison.Ordinal);
}
