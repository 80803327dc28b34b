using System.Net;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>What a page does not offer is refused, to people with a page and to scripts with a problem.</summary>
public sealed class PageMethodTests(SharedSite site) : IClassFixture<SharedSite>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PUT", "/")]
    [InlineData("DELETE", "/herroepen")]
    [InlineData("TRACE", "/herroepen")]
    [InlineData("PATCH", "/tegoed")]
    [InlineData("DELETE", "/account/verwijderen")]
    [InlineData("PUT", "/nergens")]
    public async Task Another_method_is_405(string method, string path)
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);

        using var script = await visitor.SendAsync(new(new HttpMethod(method), path), Ct);
        using var browser = await visitor.SendAsync(
            new(new HttpMethod(method), path) { Headers = { { "Accept", "text/html" } } },
            Ct
        );

        Assert.Equal("status-405", await Visitor.ProblemOfAsync(script, HttpStatusCode.MethodNotAllowed, Ct));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, browser.StatusCode);
        var page = await browser.Content.ReadAsStringAsync(Ct);
        Assert.Contains("<h1>Dat kan hier niet</h1>", page, StringComparison.Ordinal);
    }
}
