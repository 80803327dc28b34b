namespace PayPerUse.Payments;

/// <summary>Which addresses a customer may be sent to after paying: never an open redirect.</summary>
public static class ReturnUrl
{
    /// <summary>The longest return address, in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>Whether an address is a path of this app, or belongs to an allowed origin.</summary>
    /// <param name="url">The address.</param>
    /// <param name="allowedOrigins">Origins such as <c>https://app.example</c>.</param>
    public static bool IsAllowed(string url, IEnumerable<string> allowedOrigins)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(allowedOrigins);

        // Browsers read '\' as '/' and drop tabs and line ends, so that "/\t/evil" would leave the app.
        if (url.Length is 0 or > MaxLength || url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\'))
        {
            return false;
        }

        if (url[0] == '/')
        {
            return url.Length == 1 || url[1] != '/';
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && uri.UserInfo.Length == 0
            && allowedOrigins.Any(o =>
                string.Equals(uri.GetLeftPart(UriPartial.Authority), o, StringComparison.OrdinalIgnoreCase)
            );
    }
}
