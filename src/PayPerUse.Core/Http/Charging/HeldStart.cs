using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PayPerUse.Http.Charging;

/// <summary>The answer as the action sees it: never started, and with its own <c>OnStarting</c> callbacks.</summary>
internal sealed class HeldStart(IHttpResponseFeature inner) : IHttpResponseFeature
{
    private Stack<(Func<object, Task> Callback, object State)>? _starting;

    public int StatusCode
    {
        get => inner.StatusCode;
        set => inner.StatusCode = value;
    }

    public string? ReasonPhrase
    {
        get => inner.ReasonPhrase;
        set => inner.ReasonPhrase = value;
    }

    public IHeaderDictionary Headers
    {
        get => inner.Headers;
        set => inner.Headers = value;
    }

    [Obsolete("Use IHttpResponseBodyFeature.Stream instead.", DiagnosticId = "CS0618")]
    public Stream Body
    {
        get => inner.Body;
        set => inner.Body = value;
    }

    public bool HasStarted => inner.HasStarted;

    public void OnStarting(Func<object, Task> callback, object state) => (_starting ??= []).Push((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state) => inner.OnCompleted(callback, state);

    /// <summary>Runs the callbacks, the last one first, as a server does.</summary>
    public async Task RunAsync()
    {
        while (_starting is not null && _starting.TryPop(out var starting))
        {
            await starting.Callback(starting.State).ConfigureAwait(false);
        }
    }
}
