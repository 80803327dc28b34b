using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PayPerUse.Testing;

/// <summary>Keeps what is logged, exceptions and scopes included.</summary>
public class KeptLogs : LogSink
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public override IDisposable? BeginScope<TState>(TState state)
    {
        Lines.Enqueue(state.ToString() ?? "");
        return null;
    }

    protected override void Keep(LogLevel level, EventId id, string text, Exception? exception) =>
        Lines.Enqueue($"{level} {text} {exception}");
}

/// <summary>The same for one class.</summary>
public sealed class KeptLogs<T> : KeptLogs, ILogger<T>;
