using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace PayPerUse.SignIn.Sessions;

/// <summary>Starts a session in the form a browser keeps, or another front end.</summary>
internal sealed class SessionStart(
    SignInSessions sessions,
    IOptionsMonitor<BearerTokenOptions> tokens,
    TimeProvider clock
)
{
    public async Task WithCookieAsync(HttpContext context, SignInUser user)
    {
        var person = await sessions
            .StartAsync(user, SignInDefaults.CookieScheme, context.RequestAborted)
            .ConfigureAwait(false);
        var lasting = new AuthenticationProperties { IsPersistent = true };
        await context.SignInAsync(SignInDefaults.CookieScheme, person, lasting).ConfigureAwait(false);
        context.User = person;
    }

    public async Task<(string Token, TimeSpan Time)> WithTokenAsync(
        SignInUser user,
        CancellationToken cancellationToken
    )
    {
        var options = tokens.Get(SignInDefaults.TokenScheme);
        var ticket = new AuthenticationTicket(
            await sessions.StartAsync(user, SignInDefaults.TokenScheme, cancellationToken).ConfigureAwait(false),
            new AuthenticationProperties { ExpiresUtc = clock.GetUtcNow() + options.BearerTokenExpiration },
            SignInDefaults.TokenScheme
        );
        return (options.BearerTokenProtector.Protect(ticket), options.BearerTokenExpiration);
    }
}
