namespace PayPerUse.SignIn;

/// <summary>Names and addresses of sign-in.</summary>
public static class SignInDefaults
{
    /// <summary>Asks for a code: the page by GET, the mail by POST.</summary>
    public const string SignInPath = "/signin";

    /// <summary>Trades a code for a session.</summary>
    public const string VerifyPath = "/signin/verify";

    /// <summary>Ends a session.</summary>
    public const string SignOutPath = "/signout";

    /// <summary>The authentication scheme: a bearer token where the request has one, else the cookie.</summary>
    public const string Scheme = "PayPerUse.SignIn";

    /// <summary>The scheme of browsers.</summary>
    public const string CookieScheme = "PayPerUse.SignIn.Cookie";

    /// <summary>The scheme of other front ends.</summary>
    public const string TokenScheme = "PayPerUse.SignIn.Token";

    /// <summary>The claim that names the session; ending it ends every copy of its cookie or token.</summary>
    public const string SessionClaim = "sid";
}
