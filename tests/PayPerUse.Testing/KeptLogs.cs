using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PayPerUse.Testing;

/// <summary>Keeps what is logged, exceptions and scopes included.</summary>
public class KeptLogs : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Lines.Enqueue(state.ToString() ?? "");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>The same for one class.</summary>
public sealed class KeptLogs<T> : KeptLogs, ILogger<T>;
