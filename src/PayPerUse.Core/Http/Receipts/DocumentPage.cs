using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http.Receipts;

/// <summary>A page to read, print or keep: without scripts and without anything from elsewhere, so that a saved copy is whole.</summary>
internal sealed class DocumentPage(string language, string title) : IResult
{
    private const string Style =
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
        + "dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.5rem}dt{color:#555}dd{margin:0}"
        + "address{font-style:normal;white-space:pre-line}article+article{border-top:1px solid #999;margin-top:2rem}"
        + "a{color:#0b57d0}.total{font-weight:700}@media print{nav{display:none}article+article{break-before:page;border:0}}"
        + "@media screen and (prefers-color-scheme:dark){body{color:#eee;background:#161616}dt{color:#aaa}a{color:#a8c7fa}}";

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly StringBuilder _body = new();

    /// <summary>The name under which the page is saved; null to show it.</summary>
    public string? FileName { get; init; }

    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>Adds a line of a list; nothing when there is no value.</summary>
    public DocumentPage Line(string name, string? value, string? cssClass = null)
    {
        if (value is not null)
        {
            var mark = cssClass is null ? "" : $" class=\"{cssClass}\"";
            Html($"<dt{mark}>{Encode(name)}</dt><dd{mark}>{Encode(value)}</dd>\n");
        }

        return this;
    }

    /// <summary>Adds what is markup already.</summary>
    public DocumentPage Html(string html)
    {
        _body.Append(html);
        return this;
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.ContentLanguage = language;
        response.Headers.Vary = "Accept, Accept-Language, Cookie";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (FileName is not null)
        {
            response.Headers.ContentDisposition = $"attachment; filename=\"{FileName}\"";
        }

        return response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="{language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{Encode(title)}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            {_body}</main>
            </body>
            </html>

            """,
            httpContext.RequestAborted
        );
    }
}
