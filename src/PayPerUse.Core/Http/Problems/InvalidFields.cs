using System.Text.Json.Nodes;

namespace PayPerUse.Http.Problems;

/// <summary>Collects what is wrong with a request, so that one answer names every wrong field.</summary>
internal sealed class InvalidFields
{
    private List<(string Field, string Error)>? _errors;
    private string? _code;

    public bool Any => _errors is not null;

    public void Add(string field, string error, string code = "invalid-request")
    {
        (_errors ??= []).Add((field, error));
        _code ??= code;
    }

    /// <summary>The 400; null when nothing is wrong.</summary>
    public ProblemAnswer? ToProblem()
    {
        if (_errors is null)
        {
            return null;
        }

        var byField = new JsonObject();
        foreach (var group in _errors.GroupBy(e => e.Field, StringComparer.Ordinal))
        {
            byField[group.Key] = new JsonArray([.. group.Select(e => (JsonNode?)e.Error)]);
        }

        var detail = string.Join(' ', _errors.Select(e => $"{e.Field}: {e.Error}"));
        return new ProblemAnswer(400, _code!, "Invalid request", detail).With("errors", byField);
    }
}
