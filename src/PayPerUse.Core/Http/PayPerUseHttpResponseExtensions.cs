using System.Text.Json;

namespace Microsoft.AspNetCore.Http;

/// <summary>Answers that are sent while they are made, or that are for whoever has a link alone.</summary>
public static class PayPerUseHttpResponseExtensions
{
    /// <summary>
    /// Sends a JSON object on a line of its own, at once: how far the work is, a piece of the text, the end. It is
    /// <c>application/x-ndjson</c>, and no cache keeps it. For endpoints with <c>StreamAnswer</c>.
    /// </summary>
    /// <typeparam name="T">What is told.</typeparam>
    /// <param name="response">The answer.</param>
    /// <param name="line">What is told, as JSON for the web.</param>
    /// <param name="cancellationToken">Ends the wait. What is written to a client that has left is lost without an error.</param>
    public static async Task WriteJsonLineAsync<T>(
        this HttpResponse response,
        T line,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(response);
        if (!response.HasStarted)
        {
            response.ContentType = "application/x-ndjson";
            response.Headers.CacheControl = "no-store";
        }

        var json = JsonSerializer.Serialize(line, JsonSerializerOptions.Web);
        await response.WriteAsync(json + "\n", cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Keeps what a secret link opens between those who have the link: it is in no search engine and no cache, and the pages that it
    /// leads to are not told where the reader came from.
    /// </summary>
    /// <param name="response">The answer, before it is sent.</param>
    public static void KeepLinkSecret(this HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "private, no-store";
    }
}
