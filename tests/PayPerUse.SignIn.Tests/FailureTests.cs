using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace PayPerUse.SignIn.Tests;

/// <summary>What is refused, and what happens when something is down or set up wrongly.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("/signin")]
    [InlineData("/signin/verify")]
    [InlineData("/signout")]
    public async Task A_post_from_another_site_is_refused(string path)
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("Origin", "https://evil.example");

        using var answer = await emma.SendAsync(request);

        Assert.Equal("cross-site", await answer.ProblemAsync(403));
    }

    [Theory]
    [InlineData("application/json; charset=runes", "{}")]
    [InlineData("application/json", "{\"email\":\"\\ud83d\"}")]
    [InlineData("application/json", "[")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=email\r\n\r\nem")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "email=emma")]
    public async Task A_body_that_cannot_be_read_is_told_so(string type, string body)
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);

        foreach (var path in new[] { "/signin", "/signin/verify" })
        {
            using var content = new StringContent(body);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using var answer = await emma.SendAsync(new(HttpMethod.Post, path) { Content = content });
            Assert.Equal("invalid-request", await answer.ProblemAsync(400));
        }
    }

    [Fact]
    public async Task A_mail_that_does_not_leave_is_told_with_a_time_to_try_again()
    {
        await using var house = await SignInHouse.StartAsync(s => s.RefusesMail = true);
        using var emma = new Person(house);

        using var script = await emma.PostAsync("/signin", new { email = emma.Email });
        using var form = await emma.PostFormAsync("/signin", ("email", emma.Email));

        Assert.Equal("unavailable", await script.ProblemAsync(503));
        Assert.NotNull(script.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, form.StatusCode);
        Assert.NotNull(form.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_database_that_fails_lets_nobody_in()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        var ticket = await emma.AskAsync();
        await house.DropTablesAsync();

        using var verified = await emma.VerifyAsync(emma.Code, ticket);
        using var form = await emma.PostFormAsync("/signin", ("email", emma.Email));

        Assert.Equal("unavailable", await verified.ProblemAsync(503));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, form.StatusCode);
    }

    [Fact]
    public async Task Who_signed_in_is_told_to_try_again_while_the_database_fails()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = await Person.SignedInAsync(house);
        using var before = await emma.GetAsync("/me");
        await house.DropTablesAsync();

        using var during = await emma.GetAsync("/me", "application/json");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal("unavailable", await during.ProblemAsync(503));
        Assert.Equal("not-applied", await OutcomeAsync(during));
        Assert.NotNull(during.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_browser_is_shown_the_app_s_own_page_while_the_database_fails(bool isPost)
    {
        await using var house = await SignInHouse.StartAsync(s =>
        {
            s.UseFirst = app => app.UseStatusCodePagesWithReExecute("/oops/{0}");
            s.Use = app =>
                app.Map(
                    "/oops/{code}",
                    (int code, ClaimsPrincipal user) => Results.Text($"oops {code} {user.Identity?.IsAuthenticated}")
                );
        });
        using var emma = await Person.SignedInAsync(house);
        await house.DropTablesAsync();

        using var answer = isPost ? await emma.PostFormAsync("/me") : await emma.GetAsync("/me");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("oops 503 False", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_an_endpoint_may_have_done_before_sign_in_failed_is_not_denied()
    {
        await using var house = await SignInHouse.StartAsync(s =>
            s.Use = app =>
            {
                app.MapPost("/act", IResult (HttpContext _) => throw new SignInException("down"));
                app.MapGet("/look", IResult (HttpContext _) => throw new SignInException("down"));
            }
        );
        using var emma = await Person.SignedInAsync(house);

        using var act = await emma.PostAsync("/act", new { });
        using var look = await emma.GetAsync("/look", "application/json");

        Assert.Equal("unknown", await OutcomeAsync(act));
        Assert.Equal("not-applied", await OutcomeAsync(look));
    }

    private static async Task<string?> OutcomeAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("outcome").GetString();
    }

    [Fact]
    public async Task An_app_without_a_mailer_is_told_to_add_one()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            SignInHouse.StartAsync(s => s.HasMailer = false)
        );
        Assert.Contains(nameof(ISignInMailer), e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CodeTime")]
    [InlineData("TriesPerCode")]
    [InlineData("MailsPerHourPerAddress")]
    [InlineData("MailsPerHourPerIp")]
    [InlineData("FailuresPerDayPerAddress")]
    [InlineData("SessionTime")]
    [InlineData("LongestSession")]
    [InlineData("TokenTime")]
    [InlineData("CookiePrefix")]
    public async Task A_wrong_setting_stops_the_host_and_is_named(string key)
    {
        var property = typeof(SignInOptions).GetProperty(key)!;
        object wrong =
            property.PropertyType == typeof(string) ? "a b" : Activator.CreateInstance(property.PropertyType)!;

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            SignInHouse.StartAsync(s => s.Options = o => property.SetValue(o, wrong))
        );

        Assert.Contains($"SignIn:{key}:", e.Message, StringComparison.Ordinal);
    }
}
