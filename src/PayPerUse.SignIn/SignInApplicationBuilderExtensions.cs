using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.SignIn;
using PayPerUse.SignIn.Endpoints;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Recognises who signed in.</summary>
public static class SignInApplicationBuilderExtensions
{
    // How far a request has come; made once, as every request is marked.
    private static readonly object Progress = new();
    private static readonly object Recognised = new();
    private static readonly object Failed = new();

    /// <summary>
    /// <c>UseAuthentication</c>, and what it lacks: while the database cannot say whether a session is still open, requests that
    /// carry one are answered 503 with <c>Retry-After</c>. Scripts get a problem; browsers get the app's own page about it, where
    /// there is one (<c>UseStatusCodePagesWithReExecute</c>, added before this), made as for somebody who is not signed in.
    /// </summary>
    /// <param name="app">The app, with <c>AddSignIn</c>; before <c>UseAuthorization</c>.</param>
    public static IApplicationBuilder UseSignIn(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        RequestDelegate afterwards = null!;

        // The page about a failure is made for the same request, where asking again would fail again.
        app.Use(next => context => GuardAsync(context, context.Items[Progress] == Failed ? afterwards : next));
        app.UseAuthentication();
        return app.Use(next =>
        {
            afterwards = next;
            return context =>
            {
                context.Items[Progress] = Recognised;
                return next(context);
            };
        });
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (SignInException e) when (!context.Response.HasStarted)
        {
            // Before somebody is recognised nothing has happened yet.
            var mayHaveActed =
                context.Items[Progress] == Recognised
                && !HttpMethods.IsGet(context.Request.Method)
                && !HttpMethods.IsHead(context.Request.Method);
            context.Items[Progress] = Failed;
            await context
                .RequestServices.GetRequiredService<SignInRefusal>()
                .StoreFailed(context, e, mayHaveActed)
                .ExecuteAsync(context)
                .ConfigureAwait(false);
        }
    }
}
