using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.SignIn.Endpoints;

namespace PayPerUse.SignIn.Sessions;

/// <summary>A cookie for browsers, an access token for other front ends.</summary>
internal static class SignInSchemes
{
    public static void AddSignInSchemes(this IServiceCollection services)
    {
        services
            .AddAuthentication(SignInDefaults.Scheme)
            .AddPolicyScheme(SignInDefaults.Scheme, displayName: null, o => o.ForwardDefaultSelector = SchemeOf)
            .AddBearerToken(SignInDefaults.TokenScheme, o => o.Events.OnMessageReceived = SessionChecks.CheckTokenAsync)
            .AddCookie(
                SignInDefaults.CookieScheme,
                o =>
                {
                    o.Events.OnValidatePrincipal = SessionChecks.CheckCookieAsync;
                    o.Events.OnRedirectToLogin = AskToSignIn;
                    o.Events.OnRedirectToAccessDenied = Forbid;
                }
            );
        services
            .AddOptions<CookieAuthenticationOptions>(SignInDefaults.CookieScheme)
            .Configure<IOptions<SignInOptions>, IHostEnvironment>(
                (o, signIn, environment) =>
                {
                    o.Cookie.Name = signIn.Value.CookiePrefix + ".session";
                    o.Cookie.SameSite = SameSiteMode.Lax;
                    o.Cookie.SecurePolicy = SecurePolicyIn(environment);
                    o.ExpireTimeSpan = signIn.Value.SessionTime;
                }
            );
        services
            .AddOptions<BearerTokenOptions>(SignInDefaults.TokenScheme)
            .Configure<IOptions<SignInOptions>>((o, signIn) => o.BearerTokenExpiration = signIn.Value.TokenTime);
    }

    /// <summary>Plain http is for Development.</summary>
    public static CookieSecurePolicy SecurePolicyIn(IHostEnvironment environment) =>
        environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;

    private static string SchemeOf(HttpContext context) =>
        context
            .Request.Headers.Authorization.ToString()
            .StartsWith(SessionChecks.Bearer, StringComparison.OrdinalIgnoreCase)
            ? SignInDefaults.TokenScheme
            : SignInDefaults.CookieScheme;

    // A person goes to the sign-in page; a script is told 401.
    private static Task AskToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (!context.Request.AcceptsPage())
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        // Relative, so that it holds behind a proxy too. What was posted cannot be posted again.
        var request = context.Request;
        var here = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : "/";
        var page = request.PathBase + SignInDefaults.SignInPath;
        context.Response.Redirect($"{page}?returnUrl={Uri.EscapeDataString(here)}");
        return Task.CompletedTask;
    }

    private static Task Forbid(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
