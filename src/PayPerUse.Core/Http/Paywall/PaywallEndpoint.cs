using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace PayPerUse.Http.Paywall;

/// <summary>Serves the element <c>&lt;pay-per-use&gt;</c>: one script, the same for everybody, before and after signing in.</summary>
internal static class PaywallEndpoint
{
    // A page names it without a version, so a browser asks again after a while; the tag makes that cheap.
    private const string Caching = "public, max-age=600, stale-while-revalidate=86400";

    private static readonly byte[] Script = Read();
    private static readonly EntityTagHeaderValue Tag = new(
        $"\"{Convert.ToHexStringLower(SHA256.HashData(Script).AsSpan(0, 16))}\""
    );

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/payments/paywall.js", Serve)
            // A script is no operation of an API.
            .ExcludeFromDescription();

    private static IResult Serve(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = Caching;
        headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(Script, "text/javascript; charset=utf-8", entityTag: Tag);
    }

    private static byte[] Read()
    {
        using var resource = typeof(PaywallEndpoint).Assembly.GetManifestResourceStream("PayPerUse.paywall.js")!;
        using var script = new MemoryStream();
        resource.CopyTo(script);
        return script.ToArray();
    }
}
