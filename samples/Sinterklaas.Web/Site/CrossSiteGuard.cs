using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;
using PayPerUse;

namespace Sinterklaas.Web.Site;

/// <summary>
/// Refuses requests that another site makes a visitor's browser send: the rule PayPerUse has for its own addresses, for all
/// others. It looks at headers that every browser sets and no page can forge; scripts send neither, and have no cookie to abuse.
/// </summary>
public sealed class CrossSiteGuard(RequestDelegate next, IOptions<PayPerUseOptions> payPerUse)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isErrorPage = context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        if (isErrorPage || IsSafe(request.Method) || IsKeptByPayPerUse(request) || IsOurs(request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return request.AcceptsPage() ? Task.CompletedTask : Problems.CrossSite(context).ExecuteAsync(context);
    }

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // It keeps its own addresses, and there a stranger hears 401 before 403.
    private static bool IsKeptByPayPerUse(HttpRequest request) =>
        request.Path.StartsWithSegments("/credits", StringComparison.Ordinal)
        || request.Path.StartsWithSegments("/payments", StringComparison.Ordinal);

    private bool IsOurs(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is "cross-site" or "same-site")
        {
            return false;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || IsSame(origin, $"{request.Scheme}://{request.Host}")
            || IsSame(origin, payPerUse.Value.PublicUrl?.GetLeftPart(UriPartial.Authority));
    }

    private static bool IsSame(string origin, string? own) =>
        string.Equals(origin, own, StringComparison.OrdinalIgnoreCase);
}
