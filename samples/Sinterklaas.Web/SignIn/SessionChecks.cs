using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Net.Http.Headers;

namespace Sinterklaas.Web.SignIn;

/// <summary>Refuses cookies and tokens of a session that was ended.</summary>
internal static class SessionChecks
{
    private const string Prefix = "Bearer ";

    public static async Task CheckCookieAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        if (!await sessions.IsOpenAsync(context.Principal, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
        }
    }

    public static async Task CheckTokenAsync(MessageReceivedContext context)
    {
        var header = context.Request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        // The handler checks the token's form and time; this adds only whether its session is still there.
        var person = context.Options.BearerTokenProtector.Unprotect(header[Prefix.Length..])?.Principal;
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        if (person is not null && !await sessions.IsOpenAsync(person, context.HttpContext.RequestAborted))
        {
            context.Fail("The session has ended.");
        }
    }
}
