using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.SignIn;
using PayPerUse.SignIn.Endpoints;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Recognises who signed in.</summary>
public static class SignInApplicationBuilderExtensions
{
    /// <summary>
    /// <c>UseAuthentication</c>, and what it lacks: while the database cannot say whether a session is still open, requests that
    /// carry one are answered 503 with <c>Retry-After</c>.
    /// </summary>
    /// <param name="app">The app, with <c>AddSignIn</c>; before <c>UseAuthorization</c>.</param>
    public static IApplicationBuilder UseSignIn(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use(
            async (context, next) =>
            {
                try
                {
                    await next(context).ConfigureAwait(false);
                }
                catch (SignInException e) when (!context.Response.HasStarted)
                {
                    var refusal = context.RequestServices.GetRequiredService<SignInRefusal>();
                    await refusal.StoreFailed(context, e).ExecuteAsync(context).ConfigureAwait(false);
                }
            }
        );
        return app.UseAuthentication();
    }
}
