namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>One running site for the tests of a class.</summary>
public sealed class SharedSite : IDisposable
{
    private readonly SiteHost _host = new SiteHost().Started();

    public Uri Address => _host.Address;

    public void Dispose() => _host.Dispose();
}
