using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PayPerUse.SignIn.Codes;

/// <summary>The secret of the browser that asked for a code. Codes are kept as hashes that only this secret can make again.</summary>
internal static class SignInTicket
{
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static string NewCode() =>
        RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    public static string Hash(string ticket) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ticket)));

    public static string Hash(string ticket, string code) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ticket), Encoding.UTF8.GetBytes(code)));

    public static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(left), Encoding.ASCII.GetBytes(right));
}
