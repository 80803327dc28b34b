namespace Sinterklaas.Web.Site;

/// <summary>Tells browsers to run and load nothing that is not ours.</summary>
public static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    var headers = context.Response.Headers;
                    headers.TryAdd("Content-Security-Policy", Policy);
                    headers.TryAdd("X-Content-Type-Options", "nosniff");
                    headers.TryAdd("Referrer-Policy", "same-origin");
                    headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
                    headers.TryAdd("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
                    if (context.User.Identity?.IsAuthenticated == true)
                    {
                        // What a visitor sees must not come back with the back button after signing out.
                        headers.TryAdd("Cache-Control", "private, no-store");
                    }

                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
}
