namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>One running site for the tests of a class.</summary>
public class SharedSite : IDisposable
{
    private readonly SiteHost _host;

    public SharedSite()
        : this([]) { }

    protected SharedSite(params (string Key, string Value)[] settings) => _host = new SiteHost(settings).Started();

    public Uri Address => _host.Address;

    public TestClock Clock => _host.Clock;

    public string ConnectionString => _host.ConnectionString;

    public void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A site that asks for consent before it sells, as production does.</summary>
public sealed class ConsentSite() : SharedSite(("PayPerUse:RequiredConsent", "2026-1"));
