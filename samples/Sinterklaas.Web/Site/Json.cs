using System.Text.Json;

namespace Sinterklaas.Web.Site;

/// <summary>Reads JSON bodies so that a wrong one is told by the name of its field.</summary>
public static class Json
{
    public const string ContentType = "application/json";

    /// <summary>Whether the sender shows pages to a person, rather than reading JSON.</summary>
    public static bool AcceptsPage(this HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static async Task<(T? Body, Dictionary<string, string[]>? Errors)> ReadAsync<T>(
        HttpRequest request,
        CancellationToken ct
    )
        where T : class
    {
        try
        {
            return await request.ReadFromJsonAsync<T>(ct) is { } body
                ? (body, null)
                : (null, Problems.Error("body", "Stuur een JSON-object."));
        }
        catch (JsonException e)
        {
            var field = e.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body";
            return (null, Problems.Error(field, "Dit is geen geldige waarde."));
        }
    }
}
