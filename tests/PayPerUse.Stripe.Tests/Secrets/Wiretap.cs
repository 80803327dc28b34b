using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace PayPerUse.Stripe.Tests.Secrets;

/// <summary>Keeps everything that this process tells while it lasts: logs, traces, measurements, exceptions, the console.</summary>
internal sealed class Wiretap : IDisposable
{
    private readonly ActivityListener _traces;
    private readonly MeterListener _measurements = new();
    private readonly (TextWriter Out, TextWriter Error) _console = (Console.Out, Console.Error);
    private readonly StringWriter _written = new(CultureInfo.InvariantCulture);

    public Wiretap()
    {
        _traces = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a =>
                Add(
                    "traces",
                    $"{a.Source.Name} {a.DisplayName} {a.StatusDescription} {Text(a.TagObjects)} {Text(a.Baggage!)} "
                        + string.Join(' ', a.Events.Select(e => e.Name + Text(e.Tags)))
                ),
        };
        ActivitySource.AddActivityListener(_traces);
        _measurements.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _measurements.SetMeasurementEventCallback<long>(Measured);
        _measurements.SetMeasurementEventCallback<int>(Measured);
        _measurements.SetMeasurementEventCallback<double>(Measured);
        _measurements.Start();
        AppDomain.CurrentDomain.FirstChanceException += Thrown;
        var writer = TextWriter.Synchronized(_written);
        Console.SetOut(writer);
        Console.SetError(writer);
    }

    /// <summary>What was heard, by where.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<string>> Heard { get; } = new(StringComparer.Ordinal);

    public ILoggerProvider Logs => new Provider(this);

    public void Add(string where, string what) => Heard.GetOrAdd(where, _ => new()).Enqueue(what);

    /// <summary>Takes what was written to the console so far.</summary>
    public void TakeConsole() => Add("console", _written.ToString());

    public void Dispose()
    {
        Console.SetOut(_console.Out);
        Console.SetError(_console.Error);
        AppDomain.CurrentDomain.FirstChanceException -= Thrown;
        _measurements.Dispose();
        _traces.Dispose();
        _written.Dispose();
    }

    // What Stripe's SDK throws holds what Stripe's server said; it is ours only once it is in an exception of ours.
    private void Thrown(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs e)
    {
        if (e.Exception is not global::Stripe.StripeException)
        {
            Add("exceptions", e.Exception.ToString());
        }
    }

    private void Measured<T>(
        Instrument instrument,
        T measurement,
        ReadOnlySpan<KeyValuePair<string, object?>> tags,
        object? state
    ) => Add("metrics", $"{instrument.Name} {measurement} {Text(tags.ToArray())}");

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(t => $"{t.Key}={t.Value}"));

    private static string Text(IEnumerable<KeyValuePair<string, string>> tags) =>
        string.Join(' ', tags.Select(t => $"{t.Key}={t.Value}"));

    private sealed class Provider(Wiretap tap) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Keep(state, null, state.ToString());
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Keep(state, exception, formatter(state, exception));

        public void Dispose() { }

        // Structured sinks keep every field, also those that the sentence leaves out.
        private void Keep(object? state, Exception? exception, string? text) =>
            tap.Add(
                "logs",
                $"{text} {(state is IEnumerable<KeyValuePair<string, object?>> fields ? Text(fields) : "")} {exception}"
            );
    }
}
