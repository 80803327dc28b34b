using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http.Endpoints;

/// <summary>One small page without scripts and without anything from elsewhere: what became of one payment.</summary>
internal sealed class ReturnPage(ReturnPageWords words, string state, string back, int status = StatusCodes.Status200OK)
    : IResult
{
    private const string Style =
        "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
        + "a{color:#0b57d0}@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#a8c7fa}}";

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Whether the page asks again by itself.</summary>
    public bool IsWaiting { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.ContentLanguage = words.Language;
        response.Headers.Vary = "Accept-Language, Cookie";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        var html = HtmlEncoder.Default;
        var refresh = IsWaiting ? "\n<meta http-equiv=\"refresh\" content=\"3\">" : "";
        return response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="{words.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">{refresh}
            <title>{html.Encode(words.Title)}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{html.Encode(words.Title)}</h1>
            <p role="status">{html.Encode(state)}</p>
            <p><a href="{html.Encode(back)}">{html.Encode(words.Back)}</a></p>
            </main>
            </body>
            </html>

            """,
            httpContext.RequestAborted
        );
    }
}
