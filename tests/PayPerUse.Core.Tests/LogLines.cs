using System.Collections;
using Microsoft.Extensions.Logging;
using PayPerUse.Testing;

namespace PayPerUse.Core.Tests;

/// <summary>What a class has logged, a line each: its level and its text.</summary>
internal sealed class LogLines<T> : LogSink, ILogger<T>, IReadOnlyCollection<string>
{
    private readonly List<string> _lines = [];

    public int Count => _lines.Count;

    public IEnumerator<string> GetEnumerator() => _lines.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected override void Keep(LogLevel level, EventId id, string text, Exception? exception) =>
        _lines.Add($"{level}: {text}");
}
