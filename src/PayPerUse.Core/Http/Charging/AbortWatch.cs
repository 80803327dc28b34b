using Microsoft.AspNetCore.Http.Features;

namespace PayPerUse.Http.Charging;

/// <summary>Tells an action that gave up its connection from a client that left.</summary>
internal sealed class AbortWatch(IHttpRequestLifetimeFeature inner) : IHttpRequestLifetimeFeature
{
    /// <summary>Whether the action aborted the request, for whatever reason.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>Whether it did while the client was still there.</summary>
    public bool IsAbortedFirst { get; private set; }

    public CancellationToken RequestAborted
    {
        get => inner.RequestAborted;
        set => inner.RequestAborted = value;
    }

    public void Abort()
    {
        IsAborted = true;
        IsAbortedFirst |= !inner.RequestAborted.IsCancellationRequested;
        inner.Abort();
    }
}
