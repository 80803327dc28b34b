using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Sinterklaas.Web.Data;

namespace Sinterklaas.Web.SignIn;

/// <summary>A session in the form a browser keeps, or another front end.</summary>
public sealed class SignedIn(Sessions sessions, IOptionsMonitor<BearerTokenOptions> tokens, TimeProvider clock)
{
    public async Task WithCookieAsync(HttpContext context, User user)
    {
        const string scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        var person = await sessions.StartAsync(user, scheme, context.RequestAborted);
        await context.SignInAsync(scheme, person, new AuthenticationProperties { IsPersistent = true });
    }

    public async Task<(string Token, TimeSpan Lifetime)> WithTokenAsync(User user, CancellationToken ct)
    {
        const string scheme = BearerTokenDefaults.AuthenticationScheme;
        var options = tokens.Get(scheme);
        var ticket = new AuthenticationTicket(
            await sessions.StartAsync(user, scheme, ct),
            new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + options.BearerTokenExpiration },
            scheme
        );
        return (options.BearerTokenProtector.Protect(ticket), options.BearerTokenExpiration);
    }
}

public static class Person
{
    /// <summary>The opaque id of who is signed in; also the owner of the credits.</summary>
    public static string UserId(this ClaimsPrincipal person) => person.FindFirstValue(ClaimTypes.NameIdentifier)!;
}
