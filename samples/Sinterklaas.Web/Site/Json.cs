using System.Text.Json;
using Microsoft.Extensions.Localization;

namespace Sinterklaas.Web.Site;

/// <summary>Reads JSON bodies so that a wrong one is told by the name of its field.</summary>
public static class Json
{
    public const string ContentType = "application/json";

    /// <summary>Whether the sender shows pages to a person, rather than reading JSON.</summary>
    public static bool AcceptsPage(this HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static async Task<(TBody? Body, Dictionary<string, string[]>? Errors)> ReadAsync<TBody>(
        HttpRequest request,
        CancellationToken ct
    )
        where TBody : class
    {
        var T = request.HttpContext.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
        try
        {
            return await request.ReadFromJsonAsync<TBody>(ct) is { } body
                ? (body, null)
                : (null, Problems.Error("body", T["Stuur een JSON-object."]));
        }
        catch (JsonException e)
        {
            var field = e.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body";
            return (null, Problems.Error(field, T["Dit is geen geldige waarde."]));
        }
    }
}
