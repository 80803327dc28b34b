using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http.Pages;

/// <summary>A page of ours: without scripts and without anything from elsewhere, so that a saved copy is whole.</summary>
internal sealed class PlainPage(string language, string title) : IResult
{
    private static readonly string Style = PageResource.Read("page.css");

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly StringBuilder _body = new();

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Whether it is a few words in the middle rather than a document.</summary>
    public bool IsNote { get; init; }

    /// <summary>The name under which the page is saved; null to show it.</summary>
    public string? FileName { get; init; }

    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>Adds a line of a list; nothing when there is no value.</summary>
    public PlainPage Line(string name, string? value, string? cssClass = null)
    {
        if (value is not null)
        {
            var mark = cssClass is null ? "" : $" class=\"{cssClass}\"";
            Html($"<dt{mark}>{Encode(name)}</dt><dd{mark}>{Encode(value)}</dd>\n");
        }

        return this;
    }

    /// <summary>Adds what is markup already.</summary>
    public PlainPage Html(string html)
    {
        _body.Append(html);
        return this;
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
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
            <main{(IsNote ? " class=\"note\"" : "")}>
            {_body}</main>
            </body>
            </html>

            """,
            httpContext.RequestAborted
        );
    }
}
