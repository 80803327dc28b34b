using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace PayPerUse.SignIn.Sessions;

/// <summary>Refuses cookies and tokens of a session that was ended.</summary>
internal static class SessionChecks
{
    public const string Bearer = "Bearer ";

    public static async Task CheckCookieAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<SignInSessions>();
        if (!await sessions.IsOpenAsync(context.Principal, context.HttpContext.RequestAborted).ConfigureAwait(false))
        {
            context.RejectPrincipal();
        }
    }

    public static async Task CheckTokenAsync(MessageReceivedContext context)
    {
        var header = context.Request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        // The handler checks the token's form and time; this adds only whether its session is still there.
        var person = context.Options.BearerTokenProtector.Unprotect(header[Bearer.Length..])?.Principal;
        var sessions = context.HttpContext.RequestServices.GetRequiredService<SignInSessions>();
        if (
            person is not null
            && !await sessions.IsOpenAsync(person, context.HttpContext.RequestAborted).ConfigureAwait(false)
        )
        {
            context.Fail("The session has ended.");
        }
    }
}
