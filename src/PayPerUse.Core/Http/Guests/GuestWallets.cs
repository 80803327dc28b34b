using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Http.Guests;

/// <summary>
/// Wallets in cookies: an account whose owner is random, signed and encrypted with Data Protection. Who has the cookie has the
/// credits, and nothing is stored until the first order.
/// </summary>
internal sealed class GuestWallets(
    IDataProtectionProvider protection,
    IOptions<GuestWalletOptions> options,
    IOptions<PayPerUseOptions> payPerUse
) : IGuestWallets
{
    private const string OwnerPrefix = "guest-";
    private const int MaxCookieLength = 1024;

    private readonly IDataProtector _protector = protection.CreateProtector("PayPerUse.GuestWallet.v1");

    public AccountId? Find(HttpContext context)
    {
        if (context.Request.Cookies[NameFor(context.Request)] is not { Length: > 0 and <= MaxCookieLength } cookie)
        {
            return null;
        }

        try
        {
            return new AccountId(_protector.Unprotect(cookie), options.Value.AccountType);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException)
        {
            // Forged, damaged, or of keys that are gone.
            return null;
        }
    }

    /// <summary>Gives the browser a new wallet.</summary>
    public AccountId Make(HttpContext context)
    {
        var account = new AccountId(
            OwnerPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            options.Value.AccountType
        );
        Keep(context, account);
        return account;
    }

    /// <summary>Lets the browser keep a wallet for the whole lifetime from now.</summary>
    public void Keep(HttpContext context, AccountId account)
    {
        var cookie = CookieFor(context.Request);
        cookie.MaxAge = options.Value.Lifetime;
        context.Response.Cookies.Append(NameFor(context.Request), _protector.Protect(account.Owner), cookie);
    }

    /// <summary>Takes the wallet's cookie away.</summary>
    public void End(HttpContext context) =>
        context.Response.Cookies.Delete(NameFor(context.Request), CookieFor(context.Request));

    private static CookieOptions CookieOf(bool isSecure) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = isSecure,
            Path = "/",
            IsEssential = true,
        };

    private CookieOptions CookieFor(HttpRequest request) => CookieOf(IsSecure(request));

    // A cookie of that name is refused by browsers unless it is Secure, of this very host, and was set by it.
    private string NameFor(HttpRequest request) =>
        IsSecure(request) ? "__Host-" + options.Value.CookieName : options.Value.CookieName;

    // Behind a proxy that ends TLS the request's own scheme may be http; the public address tells what the browser sees.
    private bool IsSecure(HttpRequest request) =>
        request.IsHttps
        || (
            payPerUse.Value.PublicUrl is { Scheme: "https" } url
            && string.Equals(url.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
        );
}
