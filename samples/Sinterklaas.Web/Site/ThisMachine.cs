using System.Net;

namespace Sinterklaas.Web.Site;

/// <summary>Who sits at this machine.</summary>
public static class ThisMachine
{
    private static readonly string[] ForwardingHeaders =
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Real-IP",
    ];

    /// <summary>Whether the peer is on this machine; a proxy on this machine speaks for somebody else.</summary>
    public static bool IsPeerOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } peer
        && IPAddress.IsLoopback(peer)
        && !ForwardingHeaders.Any(context.Request.Headers.ContainsKey);
}
