using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Problems;

namespace Microsoft.AspNetCore.Builder;

/// <summary>
/// Gives an app's own endpoints the rule that PayPerUse has for its endpoints: what another site makes a visitor's browser send is
/// answered 403. It looks at <c>Sec-Fetch-Site</c> and <c>Origin</c>, which browsers always send with unsafe requests and no
/// page can forge, so that forms need no antiforgery token; scripts send neither and have no cookie to abuse.
/// </summary>
public static class PayPerUseCrossSiteExtensions
{
    /// <summary>
    /// Refuses unsafe requests from other sites, for the whole app. Place it after <c>UseRouting</c> and <c>UseAuthorization</c>.
    /// The endpoints of <c>MapPayPerUse</c> are left to their own check, which hears 401 first. Scripts are told in a problem;
    /// a browser that wants a page gets the bare 403, for <c>UseStatusCodePages</c>.
    /// </summary>
    /// <param name="app">The app, with <c>AddPayPerUse</c>.</param>
    public static IApplicationBuilder UseCrossSiteGuard(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var crossSite = app.ApplicationServices.GetRequiredService<CrossSite>();
        return app.Use(
            (context, next) =>
            {
                if (IsAnError(context) || IsKeptElsewhere(context) || !crossSite.IsRefused(context.Request))
                {
                    return next(context);
                }

                if (!context.Request.AcceptsPage())
                {
                    return Problem.CrossSite().ExecuteAsync(context);
                }

                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            }
        );
    }

    /// <summary>Refuses unsafe requests from other sites at these endpoints, in a problem.</summary>
    /// <typeparam name="TBuilder">An endpoint or a group of minimal APIs.</typeparam>
    /// <param name="builder">The endpoints; the app has <c>AddPayPerUse</c>.</param>
    public static TBuilder RefuseCrossSite<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.AddEndpointFilter<TBuilder, CrossSiteFilter>();

    // The page about a refusal is made for the same request, which would be refused again.
    private static bool IsAnError(HttpContext context) =>
        context.Features.Get<IStatusCodeReExecuteFeature>() is not null
        || context.Features.Get<IExceptionHandlerFeature>() is not null;

    private static bool IsKeptElsewhere(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<KeptByPayPerUse>() is not null;

    private sealed class CrossSiteFilter(CrossSite crossSite) : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(
            EndpointFilterInvocationContext context,
            EndpointFilterDelegate next
        ) =>
            crossSite.IsRefused(context.HttpContext.Request)
                ? Problem.CrossSite()
                : await next(context).ConfigureAwait(false);
    }
}
