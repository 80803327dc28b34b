using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace PayPerUse.Http.Guard;

/// <summary>
/// Refuses unsafe requests that a browser sends for another site, even one of the same domain. Scripts send neither header and
/// pass: they carry no cookie that they were not given.
/// </summary>
internal sealed class CrossSite(IOptions<PayPerUseOptions> options, IOptions<PayPerUseHttpOptions> http)
{
    public bool IsRefused(HttpRequest request)
    {
        if (IsSafe(request.Method))
        {
            return false;
        }

        var origins = request.Headers.Origin;
        if (origins.Count == 1 && IsOneOf(origins[0], http.Value.TrustedOrigins))
        {
            return false;
        }

        foreach (var site in request.Headers["Sec-Fetch-Site"])
        {
            if (
                string.Equals(site, "cross-site", StringComparison.OrdinalIgnoreCase)
                || string.Equals(site, "same-site", StringComparison.OrdinalIgnoreCase)
            )
            {
                return true;
            }
        }

        return origins.Count > 1 || (origins.Count == 1 && !IsOwn(request, origins[0]));
    }

    public static bool IsSafe(string method) =>
        HttpMethods.IsGet(method)
        || HttpMethods.IsHead(method)
        || HttpMethods.IsOptions(method)
        || HttpMethods.IsTrace(method);

    private bool IsOwn(HttpRequest request, string? origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var sent))
        {
            return false;
        }

        // Behind a proxy that ends TLS the request's own scheme may differ from what the browser sees; the public address does not.
        return (
                Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
                && Same(own, sent)
            ) || (options.Value.PublicUrl is { } url && Same(url, sent));
    }

    private static bool Same(Uri own, Uri sent) =>
        string.Equals(
            own.GetLeftPart(UriPartial.Authority),
            sent.GetLeftPart(UriPartial.Authority),
            StringComparison.OrdinalIgnoreCase
        );

    private static bool IsOneOf(string? origin, IEnumerable<string> trusted) =>
        trusted.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
