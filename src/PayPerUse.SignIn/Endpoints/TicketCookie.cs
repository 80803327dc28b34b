using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.SignIn.Sessions;

namespace PayPerUse.SignIn.Endpoints;

/// <summary>What a browser remembers between asking for a code and typing it.</summary>
internal sealed record SignInAsked(string Email, string Ticket, string? ReturnUrl);

/// <summary>
/// Keeps it in an encrypted cookie, so that the page survives a visit to the mail app, and no address stands in a link.
/// </summary>
internal sealed class TicketCookie(
    IDataProtectionProvider protection,
    IHostEnvironment environment,
    IOptions<SignInOptions> options
)
{
    private readonly IDataProtector _protector = protection.CreateProtector("PayPerUse.SignIn.Ticket");
    private readonly CookieBuilder _cookie = new()
    {
        Name = options.Value.CookiePrefix + ".signin",
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        SecurePolicy = SignInSchemes.SecurePolicyIn(environment),
        MaxAge = options.Value.CodeTime,
        IsEssential = true,
    };

    public void Write(HttpContext context, SignInAsked asked) =>
        context.Response.Cookies.Append(
            _cookie.Name!,
            _protector.Protect(JsonSerializer.Serialize(asked)),
            _cookie.Build(context)
        );

    public SignInAsked? Read(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[_cookie.Name!] is { Length: > 0 } value
                ? JsonSerializer.Deserialize<SignInAsked>(_protector.Unprotect(value))
                : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    public void Delete(HttpContext context) => context.Response.Cookies.Delete(_cookie.Name!, _cookie.Build(context));
}
