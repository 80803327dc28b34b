using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PayPerUse.Commands;

/// <summary>Where a command answers: text for a person, or one JSON document with <c>--json</c>.</summary>
internal sealed class CommandOutput(TextWriter output, bool isJson)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async Task WriteAsync(JsonNode json, params IEnumerable<string> lines)
    {
        if (isJson)
        {
            await output.WriteLineAsync(json.ToJsonString(Json)).ConfigureAwait(false);
            return;
        }

        foreach (var line in lines)
        {
            await WriteLineAsync(line).ConfigureAwait(false);
        }
    }

    /// <summary>Writes a line of text before the command is over; for a command that answers text.</summary>
    public Task WriteLineAsync(string line) => output.WriteLineAsync(OneLine(line));

    /// <summary>Words of strangers (a provider's error, an account's name) stay on their line.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
