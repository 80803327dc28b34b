using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.SignIn;
using PayPerUse.SignIn.Endpoints;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps sign-in.</summary>
public static class SignInEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>/signin</c>, <c>/signin/verify</c> and <c>/signout</c>: with the app's pages for browsers
    /// (<see cref="ISignInPages"/>), and in JSON for other front ends. Unsafe requests from other sites are answered 403.
    /// </summary>
    /// <param name="endpoints">The app, with <c>AddSignIn</c> and an <see cref="ISignInMailer"/>.</param>
    /// <returns>All of them together, for conventions. They are open to anonymous callers.</returns>
    public static IEndpointConventionBuilder MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var known = endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>();
        if (!known.IsService(typeof(SignInRefusal)))
        {
            throw new InvalidOperationException("MapSignIn needs builder.Services.AddSignIn<TContext>(…).");
        }

        if (!known.IsService(typeof(ISignInMailer)))
        {
            throw new InvalidOperationException(
                "MapSignIn needs a mailer: builder.Services.AddMailSender(builder.Configuration), or AddSingleton<ISignInMailer, …>()."
            );
        }

        var all = endpoints
            .MapGroup("")
            .WithTags("SignIn")
            .AllowAnonymous()
            .AddEndpointFilter(AnswerFailuresAsync)
            .RefuseCrossSite();
        all.MapPost(SignInDefaults.SignInPath, SignInEndpoints.AskAsync);
        all.MapPost(SignInDefaults.VerifyPath, SignInEndpoints.VerifyAsync);
        all.MapPost(SignInDefaults.SignOutPath, SignInEndpoints.SignOutAsync);
        if (known.IsService(typeof(ISignInPages)))
        {
            all.MapGet(SignInDefaults.SignInPath, SignInEndpoints.ShowEmail).ExcludeFromDescription();
            all.MapGet(SignInDefaults.VerifyPath, SignInEndpoints.ShowCode).ExcludeFromDescription();
        }

        return all;
    }

    private static async ValueTask<object?> AnswerFailuresAsync(
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next
    )
    {
        var context = invocation.HttpContext;
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            return await next(invocation).ConfigureAwait(false);
        }
        catch (SignInException e)
        {
            return context.RequestServices.GetRequiredService<SignInRefusal>().StoreFailed(context, e, true);
        }
    }
}
