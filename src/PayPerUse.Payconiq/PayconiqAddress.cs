namespace PayPerUse.Payconiq;

/// <summary>Addresses below a base that may have a path of its own.</summary>
internal static class PayconiqAddress
{
    public static Uri Append(Uri address, string path) =>
        new(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + path);
}
