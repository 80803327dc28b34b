using Microsoft.AspNetCore.Http;

namespace PayPerUse.SignIn.Endpoints;

internal static class LocalUrl
{
    /// <summary>An address of this app, or null: after signing in nobody is sent to another site.</summary>
    public static string? OrNull(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : null;

    /// <summary>Whether the sender shows pages to a person, rather than reading JSON.</summary>
    public static bool WantsPage(this HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
