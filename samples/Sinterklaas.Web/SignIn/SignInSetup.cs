using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Sinterklaas.Web.Site;

namespace Sinterklaas.Web.SignIn;

/// <summary>A cookie for browsers, an access token for other front ends; both by a code in a mail.</summary>
public static class SignInSetup
{
    private const string CookieOrToken = "CookieOrToken";

    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SignInOptions>().BindConfiguration("SignIn").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SignInTexts>();
        services.AddSingleton<SignInMail>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<SignInCodes>();
        services.AddSingleton<SignInCookie>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignedIn>();
        services.AddAuthorization();
        services
            .AddAuthentication(CookieOrToken)
            .AddPolicyScheme(CookieOrToken, displayName: null, o => o.ForwardDefaultSelector = SchemeOf)
            .AddBearerToken(o => o.Events.OnMessageReceived = SessionChecks.CheckTokenAsync)
            .AddCookie(o =>
            {
                o.Cookie.Name = "sint.session";
                o.Cookie.SameSite = SameSiteMode.Lax;
                o.Cookie.SecurePolicy = builder.Environment.IsDevelopment()
                    ? CookieSecurePolicy.SameAsRequest
                    : CookieSecurePolicy.Always;
                o.Events.OnValidatePrincipal = SessionChecks.CheckCookieAsync;
                o.Events.OnRedirectToLogin = AskToSignIn;
                o.Events.OnRedirectToAccessDenied = AskToSignIn;
            });
        services
            .AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<IOptions<SignInOptions>>(
                (o, signIn) => o.ExpireTimeSpan = TimeSpan.FromDays(signIn.Value.SessionDays)
            );
        services
            .AddOptions<BearerTokenOptions>(BearerTokenDefaults.AuthenticationScheme)
            .Configure<IOptions<SignInOptions>>(
                (o, signIn) => o.BearerTokenExpiration = TimeSpan.FromHours(signIn.Value.TokenHours)
            );
    }

    private static string SchemeOf(HttpContext context) =>
        context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? BearerTokenDefaults.AuthenticationScheme
            : CookieAuthenticationDefaults.AuthenticationScheme;

    // A person goes to the sign-in page; a script is told 401.
    private static Task AskToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.Request.AcceptsPage())
        {
            // Relative, so that it holds behind a proxy too.
            var here = context.Request.Path + context.Request.QueryString;
            context.Response.Redirect(
                "/signin?returnUrl=" + Uri.EscapeDataString(HttpMethods.IsGet(context.Request.Method) ? here : "/")
            );
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return Task.CompletedTask;
    }
}
