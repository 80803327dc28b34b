using System.Net;

namespace PayPerUse.Payconiq.Wire;

/// <summary>The machine's proxy, except for this machine: a proxy cannot reach the simulator on our loopback.</summary>
internal sealed class LoopbackProxy : IWebProxy
{
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => throw new NotSupportedException("The machine's proxy is not ours to change.");
    }

    public Uri? GetProxy(Uri destination) =>
        IsBypassed(destination) ? null : HttpClient.DefaultProxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || HttpClient.DefaultProxy.IsBypassed(host);
}
