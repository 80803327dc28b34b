using System.Net;

namespace Microsoft.AspNetCore.Http;

/// <summary>Who sent a request, as far as it decides what they are answered.</summary>
public static class PayPerUseHttpRequestExtensions
{
    // A proxy on this machine makes every stranger look local; these headers give it away.
    private static readonly string[] ProxyHeaders =
    [
        "Forwarded",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Original-For",
        "X-Real-IP",
    ];

    /// <summary>Whether the sender shows pages to a person (it names <c>text/html</c>), rather than reading JSON.</summary>
    /// <param name="request">The request.</param>
    public static bool AcceptsPage(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Whether whoever sent it sits at this machine, directly: for pages of development, such as a mailbox or a simulated bank. Who
    /// comes through a proxy does not, wherever the proxy runs.
    /// </summary>
    /// <param name="request">The request.</param>
    public static bool IsFromThisMachine(this HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var connection = request.HttpContext.Connection;

        // An app bound to the machine's own address in the network sees that address on both ends of a local call.
        return connection.RemoteIpAddress is { } remote
            && (IPAddress.IsLoopback(remote) || remote.Equals(connection.LocalIpAddress))
            && !ProxyHeaders.Any(request.Headers.ContainsKey);
    }
}
