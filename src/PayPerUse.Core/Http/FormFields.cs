using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http;

/// <summary>Reads the fields of a form by their names, as the paths of a JSON body.</summary>
internal static partial class FormFields
{
    private const int DeepestPath = 8;

    // No thousands: "1,5" is no 15.
    private const NumberStyles PlainNumber = NumberStyles.Integer | NumberStyles.AllowDecimalPoint;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new NumberOrNull<int>(), new NumberOrNull<long>(), new NumberOrNull<decimal>() },
    };

    public static (T? Value, IResult? Problem) Read<T>(IFormCollection form)
        where T : class
    {
        var fields = form.Where(field => field.Key.Count(c => c == '.') < DeepestPath)
            .Select(field => (Path: field.Key, Value: field.Value[0]))
            .Where(field => !string.IsNullOrWhiteSpace(field.Value));
        try
        {
            return (ToObject(fields!).Deserialize<T>(Options), null);
        }
        catch (JsonException e)
        {
            return (null, JsonBody.ProblemOf(e));
        }
    }

    private static JsonObject ToObject(IEnumerable<(string Path, string Value)> fields)
    {
        var all = new JsonObject();
        var steps = fields.Select(field => Step.Of(field.Path, field.Value)).OfType<Step>();
        foreach (var same in steps.GroupBy(step => step.Name, StringComparer.OrdinalIgnoreCase))
        {
            all[same.Key] = same.First().Index is null
                ? ToNode(same)
                : new JsonArray([
                    .. same.Where(step => step.Index is not null)
                        .GroupBy(step => step.Index)
                        .OrderBy(row => row.Key)
                        .Select(ToNode),
                ]);
        }

        return all;
    }

    private static JsonNode ToNode(IEnumerable<Step> same) =>
        same.First() is { Rest: null, Value: var text }
            ? JsonValue.Create(text)
            : ToObject(same.Where(step => step.Rest is not null).Select(step => (step.Rest!, step.Value)));

    /// <summary>The first step of a path, and what is left of it.</summary>
    private sealed record Step(string Name, int? Index, string? Rest, string Value)
    {
        public static Step? Of(string path, string value)
        {
            if (Pattern().Match(path) is not { Success: true, Groups: var parts })
            {
                return null;
            }

            int? index = parts["index"].Success
                ? int.Parse(parts["index"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
                : null;
            return new Step(parts["name"].Value, index, parts["rest"].Success ? parts["rest"].Value : null, value);
        }
    }

    private sealed class NumberOrNull<T> : JsonConverter<T?>
        where T : struct, INumber<T>
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                ? T.TryParse(reader.GetString(), PlainNumber, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : null
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }

    [GeneratedRegex(
        @"^(?<name>\w+)(\[(?<index>[0-9]{1,4})\])?(\.(?<rest>.+))?$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline
    )]
    private static partial Regex Pattern();
}
