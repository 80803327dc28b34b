namespace PayPerUse.Http.Endpoints;

/// <summary>Only ids of the right form reach a store: addresses and unverified messages can say anything.</summary>
internal static class PaymentIds
{
    private const int OurLength = 32;
    private const int MaxTheirLength = 255;

    /// <summary>Whether a text has the form of our ids.</summary>
    public static bool IsOurs(string id) => id.Length == OurLength && id.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a text can be a provider's id.</summary>
    public static bool MayBeTheirs(string id) =>
        id.Length is > 0 and <= MaxTheirLength && id.All(c => c is > ' ' and < '\u007f');
}
