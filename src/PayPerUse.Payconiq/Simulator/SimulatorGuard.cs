using System.Net;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>Who may talk to the simulator: this machine, directly.</summary>
internal static class SimulatorGuard
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

    public static bool IsLocal(HttpContext context)
    {
        var connection = context.Connection;

        // An app bound to the machine's own LAN address sees that address on both ends of a local call.
        return connection.RemoteIpAddress is { } remote
            && (IPAddress.IsLoopback(remote) || remote.Equals(connection.LocalIpAddress))
            && !ProxyHeaders.Any(context.Request.Headers.ContainsKey);
    }
}
