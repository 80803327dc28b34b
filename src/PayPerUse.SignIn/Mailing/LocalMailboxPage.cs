using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.SignIn.Mailing;

/// <summary>The mailbox for people: without scripts, and without anything from elsewhere.</summary>
internal sealed class LocalMailboxPage(IReadOnlyList<LocalMail> mails) : IResult
{
    private const string Style =
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere;color:#1a1a1a;background:#fff}"
        + "article{border-top:1px solid #999;padding:.5rem 0}h2{font-size:1rem;margin:0}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
        + "@media (prefers-color-scheme:dark){body{color:#eee;background:#161616}}";

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.ContentLanguage = "en";
        return response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Mailbox</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>Mailbox</h1>
            <p>Mails do not leave this machine: set Smtp:Host to send them. For scripts: <code>GET /dev/mail?to=…</code></p>
            {string.Join('\n', mails.Select(Write))}
            </main>
            </body>
            </html>

            """,
            httpContext.RequestAborted
        );
    }

    private static string Write(LocalMail mail) =>
        $"""
            <article>
            <h2>{Encode(mail.Subject)}</h2>
            <p>{Encode(mail.To)}, {mail.At.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}</p>
            <pre dir="auto">{Encode(mail.Text)}</pre>
            </article>
            """;

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
