using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Endpoints;

/// <summary>A JSON object read field by field, so that every error names its field. Unknown fields are ignored.</summary>
internal sealed class JsonFields
{
    /// <summary>No request of the contract comes near this many bytes.</summary>
    private const int MaxBytes = 16 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly JsonElement _root;

    private JsonFields(JsonElement root, InvalidFields errors)
    {
        _root = root;
        Errors = errors;
    }

    public InvalidFields Errors { get; }

    public static async Task<JsonFields> ReadAsync(HttpRequest request)
    {
        var errors = new InvalidFields();
        return new JsonFields(await ParseAsync(request, errors).ConfigureAwait(false), errors);
    }

    /// <summary>A text; null when absent or wrong, which is then among the errors.</summary>
    public string? Text(string name, bool isRequired = false, int maxLength = int.MaxValue)
    {
        if (Find(name) is not { } value)
        {
            if (isRequired && _root.ValueKind == JsonValueKind.Object)
            {
                Errors.Add(name, "is required.");
            }

            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Errors.Add(name, "must be a text.");
            return null;
        }

        var text = FindText(value);
        if (text is null)
        {
            Errors.Add(name, "must be text in valid Unicode.");
        }
        else if (text.Length > maxLength)
        {
            Errors.Add(name, $"must have at most {maxLength} characters.");
            return null;
        }

        return text;
    }

    /// <summary>A whole number; null when absent or wrong, which is then among the errors.</summary>
    public long? Number(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            return number;
        }

        Errors.Add(name, "must be a whole number.");
        return null;
    }

    private JsonElement? Find(string name) =>
        _root.ValueKind == JsonValueKind.Object
        && _root.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A text; null when it is no Unicode, such as half a pair of surrogates, which parsing lets through.</summary>
    private static string? FindText(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<JsonElement> ParseAsync(HttpRequest request, InvalidFields errors)
    {
        if (JsonBody.FindContentTypeError(request) is { } error)
        {
            errors.Add("Content-Type", error);
            return default;
        }

        var bytes = await request.ReadBodyAsync(MaxBytes).ConfigureAwait(false);
        if (bytes is null)
        {
            errors.Add("body", $"must have at most {MaxBytes} bytes.");
            return default;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes.Value, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.Clone();
            }

            errors.Add("body", "must be a JSON object.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for a name that is no Unicode.
            errors.Add("body", "is not valid JSON.");
        }

        return default;
    }
}
