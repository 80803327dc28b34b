namespace Microsoft.AspNetCore.Builder;

/// <summary>Tells browsers to run and load nothing that is not the app's own.</summary>
public static class PayPerUseSecurityHeadersExtensions
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Adds the headers that keep strangers' code and frames off pages where people pay: a content security policy under which the
    /// paywall works, and <c>nosniff</c>, referrer, opener and permissions policies. What a signed-in visitor sees is not cached,
    /// so that it does not come back with the back button after signing out. A header that is set already stays as it is.
    /// </summary>
    /// <param name="app">The app; before whatever answers.</param>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Use(
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
                        headers.TryAdd("Cache-Control", "private, no-store");
                    }

                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
    }
}
