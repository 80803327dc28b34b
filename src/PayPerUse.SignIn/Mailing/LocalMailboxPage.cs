using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.SignIn.Mailing;

/// <summary>The mailbox for people: without scripts, and without anything from elsewhere.</summary>
internal sealed class LocalMailboxPage(IReadOnlyList<LocalMail> mails) : IResult
{
    private static readonly string Style = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --soft: #555; --line: #d5d5d0; --page: #f3f3ef; --paper: #fff; }
        @media (prefers-color-scheme: dark) { :root { --ink: #eee; --soft: #b5b5b5; --line: #3d3d3d; --page: #161616; --paper: #212121; } }
        body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
        main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
        h1 { margin: 0 0 0.5rem; font-size: 1.6rem; line-height: 1.25; }
        h2 { margin: 0; font-size: 1.15rem; }
        p { margin: 0 0 1.5rem; color: var(--soft); }
        article { margin-top: 1rem; padding: 1.1rem 1.25rem 1.25rem; border: 1px solid var(--line); border-radius: 0.6rem; background: var(--paper); }
        article p { margin: 0.1rem 0 1rem; font-size: 0.9rem; }
        pre { margin: 0; font: inherit; white-space: pre-wrap; }
        """.ReplaceLineEndings("\n");

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
            <p>Mails do not leave this machine: set <code>Smtp:Host</code> to send them. For scripts: <code>GET /dev/mail?to=…</code></p>
            {(mails.Count == 0 ? "<p>None yet.</p>" : string.Join('\n', mails.Select(Write)))}
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
            <p>To {Encode(mail.To)} · {mail.At.UtcDateTime.ToString(
                "d MMM yyyy, HH:mm:ss",
                CultureInfo.InvariantCulture
            )} UTC</p>
            <pre dir="auto">{Encode(mail.Text)}</pre>
            </article>
            """;

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
