namespace PayPerUse.SignIn.Endpoints;

internal static class LocalUrl
{
    /// <summary>An address of this app, or null: after signing in nobody is sent to another site.</summary>
    public static string? OrNull(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : null;
}
