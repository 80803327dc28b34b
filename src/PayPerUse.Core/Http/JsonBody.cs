using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using PayPerUse.Http.Endpoints;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http;

/// <summary>Reads JSON bodies so that a wrong one is told by the name of its field, as <see cref="ApiProblem"/> does.</summary>
public static class JsonBody
{
    /// <summary>Reads a body with the app's own JSON options. JSON is UTF-8 (RFC 8259, section 8.1).</summary>
    /// <typeparam name="T">What the body holds.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The value, and no problem; or no value, and the answer: 400 with what is wrong by the name of the field (<c>body</c> for all of
    /// it), 413 when the body is longer than the server takes.
    /// </returns>
    public static async Task<(T? Value, IResult? Problem)> ReadAsync<T>(
        HttpRequest request,
        CancellationToken cancellationToken
    )
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        if (FindContentTypeError(request) is { } error)
        {
            return (null, Problem.Invalid("Content-Type", error));
        }

        var options = request.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value;
        try
        {
            var value = await JsonSerializer
                .DeserializeAsync<T>(request.Body, options.SerializerOptions, cancellationToken)
                .ConfigureAwait(false);
            return value is null ? (null, Problem.Invalid("body", "must be a JSON object.")) : (value, null);
        }
        catch (JsonException e)
        {
            return (null, ProblemOf(e));
        }
        catch (IOException e)
        {
            return (null, FailureProblem.Of(e as BadHttpRequestException ?? RequestBody.EndsEarly(e)));
        }
    }

    /// <summary>The 400 that names what could not be read.</summary>
    internal static IResult ProblemOf(JsonException exception) =>
        exception.Path?.TrimStart('$', '.') is { Length: > 0 } field
            ? Problem.Invalid(field, "is not a value of the right kind, or no valid Unicode.")
            : Problem.Invalid("body", "is not valid JSON.");

    /// <summary>What is wrong with the Content-Type; null when the body may be read as JSON.</summary>
    internal static string? FindContentTypeError(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            return "must be application/json.";
        }

        var charset = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Charset);
        return
            charset.Length == 0
            || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
            ? null
            : "must have the charset utf-8, or none.";
    }
}
