using System.Net;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Core.Tests.Http;

/// <summary>Who sent a request: a person at a browser, somebody at this machine.</summary>
public sealed class RequestSenderTests
{
    [Theory]
    [InlineData("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", true)]
    [InlineData("Text/HTML", true)]
    [InlineData("application/json", false)]
    [InlineData("*/*", false)]
    [InlineData("", false)]
    public void Who_names_html_is_shown_a_page(string accept, bool isPage)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Accept = accept;

        Assert.Equal(isPage, request.AcceptsPage());
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("::1", "::1", true)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1", true)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.8", "192.0.2.7", false)]
    [InlineData(null, null, false)]
    public void Who_sits_at_this_machine_has_its_address(string? remote, string? local, bool isHere)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        context.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);

        Assert.Equal(isHere, context.Request.IsFromThisMachine());
    }

    [Theory]
    [InlineData("Forwarded")]
    [InlineData("Via")]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("X-Original-For")]
    [InlineData("X-Real-IP")]
    public void A_proxy_on_this_machine_speaks_for_somebody_else(string header)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Headers[header] = "127.0.0.1";

        Assert.False(context.Request.IsFromThisMachine());
    }
}
