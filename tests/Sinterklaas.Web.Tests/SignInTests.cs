using System.Net;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>The site's contract about sign-in; how codes and sessions behave is proven by the tests of PayPerUse.SignIn.</summary>
public sealed class SignInTests(SharedSite site) : IClassFixture<SharedSite>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_leads_by_way_of_a_mailed_code_to_a_session_in_a_cookie()
    {
        using var visitor = new Visitor(site.Address);
        using var asked = await visitor.PostFormAsync("/signin", new() { ["email"] = visitor.Email }, Ct);
        Assert.Equal("/signin/verify", asked.Headers.Location?.OriginalString);
        Assert.Contains("id=\"code\"", await visitor.GetPageAsync("/signin/verify", Ct), StringComparison.Ordinal);

        using var verified = await visitor.PostFormAsync(
            "/signin/verify",
            new() { ["email"] = visitor.Email, ["code"] = await visitor.ReadCodeAsync(Ct) },
            Ct
        );

        Assert.Equal("/", verified.Headers.Location?.OriginalString);
        Assert.Contains(
            verified.Headers.GetValues("Set-Cookie"),
            c =>
                c.StartsWith("sint.session=", StringComparison.Ordinal)
                && c.Contains("httponly", StringComparison.Ordinal)
        );
        Assert.Contains("id=\"credits\"", await visitor.GetPageAsync("/", Ct), StringComparison.Ordinal);
        Assert.Equal(0, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task Json_gets_a_token_that_works_without_any_cookie()
    {
        using var visitor = new Visitor(site.Address);
        using var asked = await visitor.PostAsync("/signin", new { email = visitor.Email }, Ct);
        var ticket = (await Visitor.BodyOfAsync(asked, Ct)).GetProperty("ticket").GetString();

        using var elsewhere = new Visitor(site.Address, visitor.Email);
        using var verified = await elsewhere.PostAsync(
            "/signin/verify",
            new
            {
                email = visitor.Email,
                code = await visitor.ReadCodeAsync(Ct),
                ticket,
            },
            Ct
        );

        var body = await Visitor.BodyOfAsync(verified, Ct);
        Assert.Equal("Bearer", body.GetProperty("tokenType").GetString());
        Assert.False(
            verified.Headers.TryGetValues("Set-Cookie", out var cookies)
                && cookies.Any(c => c.StartsWith("sint.session", StringComparison.Ordinal))
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/credits/status");
        request.Headers.Authorization = new("Bearer", body.GetProperty("accessToken").GetString());
        using var fresh = new Visitor(site.Address);
        using var status = await fresh.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
    }

    [Fact]
    public async Task Five_wrong_codes_end_a_code()
    {
        using var visitor = new Visitor(site.Address);
        using var asked = await visitor.PostAsync("/signin", new { email = visitor.Email }, Ct);
        var code = await visitor.ReadCodeAsync(Ct);
        for (var i = 0; i < 5; i++)
        {
            using var wrong = await visitor.PostAsync(
                "/signin/verify",
                new { email = visitor.Email, code = Other(code) },
                Ct
            );
            Assert.Equal("wrong-code", await Visitor.ProblemOfAsync(wrong, HttpStatusCode.BadRequest, Ct));
        }

        using var right = await visitor.PostAsync("/signin/verify", new { email = visitor.Email, code }, Ct);
        Assert.Equal("wrong-code", await Visitor.ProblemOfAsync(right, HttpStatusCode.BadRequest, Ct));
    }

    [Fact]
    public async Task A_sixth_mail_in_an_hour_waits()
    {
        using var visitor = new Visitor(site.Address);
        for (var i = 0; i < 5; i++)
        {
            using var asked = await visitor.PostAsync("/signin", new { email = visitor.Email }, Ct);
            Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        }

        using var sixth = await visitor.PostAsync("/signin", new { email = visitor.Email }, Ct);

        Assert.Equal("rate-limited", await Visitor.ProblemOfAsync(sixth, HttpStatusCode.TooManyRequests, Ct));
        Assert.InRange(sixth.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        using var form = await visitor.PostFormAsync("/signin", new() { ["email"] = visitor.Email }, Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, form.StatusCode);
    }

    [Fact]
    public async Task Twenty_failures_in_a_day_close_an_address_even_for_the_right_code()
    {
        using var visitor = new Visitor(site.Address);
        using var asked = await visitor.PostAsync("/signin", new { email = visitor.Email }, Ct);
        var code = await visitor.ReadCodeAsync(Ct);
        using var stranger = new Visitor(site.Address, visitor.Email);
        for (var i = 0; i < 20; i++)
        {
            using var wrong = await stranger.PostAsync(
                "/signin/verify",
                new { email = visitor.Email, code = Other(code) },
                Ct
            );
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        }

        using var right = await visitor.PostAsync("/signin/verify", new { email = visitor.Email, code }, Ct);

        Assert.Equal("rate-limited", await Visitor.ProblemOfAsync(right, HttpStatusCode.TooManyRequests, Ct));
        Assert.NotNull(right.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("geen-adres")]
    [InlineData("a@b")]
    [InlineData("Jan <jan@voorbeeld.be>")]
    [InlineData("jan@voorbeeld.be\r\nBcc: x@voorbeeld.be")]
    public async Task A_wrong_address_is_refused_by_the_name_of_the_field(string email)
    {
        using var visitor = new Visitor(site.Address);

        using var answer = await visitor.PostAsync("/signin", new { email }, Ct);

        await Visitor.ProblemOfAsync(answer, HttpStatusCode.BadRequest, Ct);
        var errors = (await Visitor.BodyOfAsync(answer, Ct)).GetProperty("errors");
        Assert.True(errors.TryGetProperty("email", out _));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_not_just_the_cookie()
    {
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        using var signedOut = await visitor.PostAsync("/signout", new { }, Ct);
        Assert.Equal(HttpStatusCode.NoContent, signedOut.StatusCode);

        using var after = await visitor.GetAsync("/credits/status", Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task A_post_from_another_site_is_refused()
    {
        using var visitor = new Visitor(site.Address);
        foreach (
            var (header, value) in new[]
            {
                ("Origin", "https://elders.example"),
                ("Origin", "null"),
                ("Sec-Fetch-Site", "cross-site"),
            }
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/signin")
            {
                Content = new FormUrlEncodedContent([new("email", visitor.Email)]),
            };
            request.Headers.Add(header, value);
            using var answer = await visitor.SendAsync(request, Ct);
            Assert.Equal("cross-site", await Visitor.ProblemOfAsync(answer, HttpStatusCode.Forbidden, Ct));
        }
    }

    [Fact]
    public async Task The_mailbox_answers_nobody_who_comes_through_a_proxy()
    {
        using var visitor = new Visitor(site.Address);
        foreach (var header in new[] { "X-Forwarded-For", "Forwarded" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/dev/mail?to=a@b.be");
            request.Headers.Add(header, "for=192.0.2.7");
            using var answer = await visitor.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    private static string Other(string code) => code == "000000" ? "000001" : "000000";
}
