using Microsoft.Extensions.Logging;

namespace PayPerUse.Testing;

/// <summary>Gets all that is logged from a level on, of every category.</summary>
public abstract class LogSink(LogLevel least = LogLevel.Trace) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public virtual IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
        {
            Keep(logLevel, eventId, formatter(state, exception), exception);
        }
    }

    public void Dispose() => GC.SuppressFinalize(this);

    protected abstract void Keep(LogLevel level, EventId id, string text, Exception? exception);
}
