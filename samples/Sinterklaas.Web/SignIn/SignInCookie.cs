using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Sinterklaas.Web.SignIn;

/// <summary>What a browser remembers between asking for a code and typing it.</summary>
public sealed record SignInAsked(string Email, string Ticket, string? ReturnUrl);

/// <summary>
/// Keeps it in an encrypted cookie, so that the page survives a visit to the mail app, and no address stands in a link.
/// </summary>
public sealed class SignInCookie(
    IDataProtectionProvider protection,
    IHostEnvironment environment,
    IOptions<SignInOptions> options
)
{
    private const string Name = "sint.signin";
    private readonly IDataProtector _protector = protection.CreateProtector("Sinterklaas.SignIn");

    public void Write(HttpContext context, SignInAsked asked) =>
        context.Response.Cookies.Append(
            Name,
            _protector.Protect(JsonSerializer.Serialize(asked)),
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = !environment.IsDevelopment() || context.Request.IsHttps,
                MaxAge = TimeSpan.FromMinutes(options.Value.CodeMinutes),
                IsEssential = true,
            }
        );

    public SignInAsked? Read(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[Name] is { Length: > 0 } value
                ? JsonSerializer.Deserialize<SignInAsked>(_protector.Unprotect(value))
                : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    public void Delete(HttpContext context) => context.Response.Cookies.Delete(Name);
}
