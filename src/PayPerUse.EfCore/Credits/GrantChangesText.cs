using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>Grants touched as JSON, <c>[["grant",-1]]</c>: readable for people, small for the disk.</summary>
internal static class GrantChangesText
{
    public static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ImmutableArray<GrantChange> changes) =>
        changes switch
        {
            [] => "[]",
            // What nearly every spend writes.
            [var change] when IsPlain(change.GrantId) => string.Create(
                CultureInfo.InvariantCulture,
                $"[[\"{change.GrantId}\",{change.Credits}]]"
            ),
            _ => WriteAny(changes),
        };

    public static ImmutableArray<GrantChange> Read(string text)
    {
        if (text == "[]")
        {
            return [];
        }

        using var json = JsonDocument.Parse(text);
        return
        [
            .. json
                .RootElement.EnumerateArray()
                .Select(pair => new GrantChange(pair[0].GetString()!, pair[1].GetInt64())),
        ];
    }

    /// <summary>Whether JSON needs no escape for it.</summary>
    private static bool IsPlain(string id) =>
        !id.AsSpan().ContainsAnyExceptInRange('!', '~') && !id.AsSpan().ContainsAny('"', '\\');

    private static string WriteAny(ImmutableArray<GrantChange> changes)
    {
        using var buffer = new MemoryStream(64);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            writer.WriteStartArray();
            foreach (var change in changes)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(change.GrantId);
                writer.WriteNumberValue(change.Credits);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
