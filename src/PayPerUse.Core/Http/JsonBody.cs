using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http;

/// <summary>Reads JSON bodies so that a wrong one is told by the name of its field, for <see cref="ApiProblem"/>.</summary>
public static class JsonBody
{
    private static readonly Dictionary<string, string[]> None = [];

    /// <summary>Reads a body with the app's own JSON options.</summary>
    /// <typeparam name="T">What the body holds.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The value, and no errors; or no value, and what is wrong by the name of the field (<c>body</c> for all of it).</returns>
    public static async Task<(T? Value, IReadOnlyDictionary<string, string[]> Errors)> ReadAsync<T>(
        HttpRequest request,
        CancellationToken cancellationToken
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.HasJsonContentType())
        {
            return Wrong("Content-Type", "must be application/json.");
        }

        try
        {
            var value = await request.ReadFromJsonAsync<T>(cancellationToken).ConfigureAwait(false);
            return value is null ? Wrong("body", "must be a JSON object.") : (value, None);
        }
        catch (JsonException e)
        {
            return e.Path?.TrimStart('$', '.') is { Length: > 0 } field
                ? Wrong(field, "is not a value of the right kind.")
                : Wrong("body", "is not valid JSON.");
        }

        static (T?, IReadOnlyDictionary<string, string[]>) Wrong(string field, string error) =>
            (null, new Dictionary<string, string[]> { [field] = [error] });
    }
}
