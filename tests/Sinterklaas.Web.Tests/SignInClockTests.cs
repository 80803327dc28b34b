using System.Net;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>What ends by time alone, and per address of the network: each on a site of its own.</summary>
public sealed class SignInClockTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_ends_after_ten_minutes()
    {
        using var site = new SiteHost().Started();
        using var visitor = new Visitor(site.Address);
        using var asked = await visitor.PostAsync("/signin", new { email = visitor.Email }, Ct);
        var ticket = (await Visitor.BodyOfAsync(asked, Ct)).GetProperty("ticket").GetString();
        var code = await visitor.ReadCodeAsync(Ct);
        site.Clock.Advance(TimeSpan.FromMinutes(10));

        using var late = await visitor.PostAsync(
            "/signin/verify",
            new
            {
                email = visitor.Email,
                code,
                ticket,
            },
            Ct
        );

        Assert.Equal("wrong-code", await Visitor.ProblemOfAsync(late, HttpStatusCode.BadRequest, Ct));
    }

    [Fact]
    public async Task An_address_of_the_network_has_so_many_mails_an_hour_and_new_ones_after_it()
    {
        using var site = new SiteHost(("SignIn:MailsPerHourPerIp", "2")).Started();
        await AskAsync(HttpStatusCode.OK);
        await AskAsync(HttpStatusCode.OK);
        await AskAsync(HttpStatusCode.TooManyRequests);
        site.Clock.Advance(TimeSpan.FromHours(1));
        await AskAsync(HttpStatusCode.OK);

        async Task AskAsync(HttpStatusCode expected)
        {
            using var visitor = new Visitor(site.Address);
            using var asked = await visitor.PostAsync("/signin", new { email = visitor.Email }, Ct);
            Assert.Equal(expected, asked.StatusCode);
        }
    }
}
