using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Http;

namespace PayPerUse.Core.Tests.Http;

/// <summary>What an app's own endpoints borrow: the rule about other sites, problems, and JSON that names the wrong field.</summary>
public sealed class OwnEndpointsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task An_unsafe_request_from_another_site_is_refused_for_the_whole_app(string header, string value)
    {
        await using var house = await GuardedAsync();

        using var unsafeAnswer = await SendAsync(house, HttpMethod.Post, header, value);
        await unsafeAnswer.ProblemAsync(403, "cross-site");

        using var safe = await SendAsync(house, HttpMethod.Get, header, value);
        Assert.Equal(HttpStatusCode.OK, safe.StatusCode);
    }

    [Fact]
    public async Task A_script_and_the_app_s_own_page_pass_the_guard()
    {
        await using var house = await GuardedAsync();

        using var script = await house.SendAsync(HttpMethod.Post, "/own");
        using var page = await SendAsync(
            house,
            HttpMethod.Post,
            "Origin",
            house.Address.GetLeftPart(UriPartial.Authority)
        );

        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_browser_that_is_refused_gets_the_app_s_error_page()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Use = app => app.UseStatusCodePagesWithReExecute("/error/{0}").UseRouting().UseCrossSiteGuard();
            s.Map = app =>
            {
                app.MapPost("/own", () => "done");
                app.Map("/error/{code:int}", (int code) => $"page about {code}");
            };
        });

        using var answer = await house.SendAsync(
            HttpMethod.Post,
            "/own",
            change: r =>
            {
                r.Headers.Add("Origin", "https://evil.example");
                r.Headers.Accept.ParseAdd("text/html");
            }
        );

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("page about 403", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task The_contract_s_own_endpoints_still_hear_401_before_403()
    {
        await using var house = await GuardedAsync();
        using var nobody = house.MakeClient(null);

        using var answer = await house.SendAsync(
            HttpMethod.Post,
            "/credits/use",
            client: nobody,
            change: r => r.Headers.Add("Origin", "https://evil.example")
        );

        await answer.ProblemAsync(401, "sign-in-required");
    }

    [Fact]
    public async Task One_endpoint_can_refuse_other_sites_by_itself()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app =>
            {
                app.MapPost("/own", () => "done").RefuseCrossSite();
                app.MapPost("/other", () => "done");
            }
        );

        using var refused = await SendAsync(house, HttpMethod.Post, "Origin", "https://evil.example");
        await refused.ProblemAsync(403, "cross-site");
        using var script = await house.SendAsync(HttpMethod.Post, "/own");
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
    }

    [Theory]
    [InlineData(401, "sign-in-required")]
    [InlineData(403, "refused")]
    [InlineData(404, "not-found")]
    [InlineData(405, "status-405")]
    [InlineData(429, "too-many-requests")]
    [InlineData(503, "unavailable")]
    [InlineData(599, "status-599")]
    public async Task A_status_alone_makes_a_problem(int status, string code)
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app => app.MapGet("/own", () => ApiProblem.Create(status))
        );

        using var answer = await house.SendAsync(HttpMethod.Get, "/own");

        await answer.ProblemAsync(status, code);
    }

    [Fact]
    public async Task Each_line_of_a_streamed_answer_arrives_when_it_is_told()
    {
        var seen = new TaskCompletionSource();
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app =>
                app.MapPost(
                        "/own",
                        async (HttpResponse response) =>
                        {
                            await response.WriteJsonLineAsync(new { Step = "write" });
                            await seen.Task.WaitAsync(Token);
                            await response.WriteJsonLineAsync<object>(new { Text = "Dag\nEmma" });
                        }
                    )
                    .RequireCredits("letter")
                    .StreamAnswer()
        );
        await house.GrantAsync(1);

        using var answer = await house.SendAsync(HttpMethod.Post, "/own");
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
        Assert.Equal("""{"step":"write"}""", await lines.ReadLineAsync(Token));
        seen.SetResult();
        Assert.Equal("""{"text":"Dag\nEmma"}""", await lines.ReadLineAsync(Token));
        Assert.Null(await lines.ReadLineAsync(Token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://sint.example")]
    [InlineData("https://sint.example/base/")]
    public async Task A_public_link_is_made_of_the_configuration_or_else_of_what_the_server_is_bound_to(string? url)
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Prefix = "/api";
            s.Options = o => o.PublicUrl = url is null ? null : new Uri(url);
        });
        var addresses = house.Services.GetRequiredService<IPublicAddresses>();

        Assert.Equal(
            (url ?? house.Address.AbsoluteUri).TrimEnd('/') + "/shared/abc",
            addresses.Of("/shared/abc").AbsoluteUri
        );
        Assert.Throws<ArgumentException>(() => addresses.Of("shared"));
    }

    [Fact]
    public async Task A_problem_of_the_app_looks_like_one_of_the_contract()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app =>
                app.MapGet(
                    "/own",
                    () => ApiProblem.Create(429, "too-fast", "Too fast", "Wait.", TimeSpan.FromMilliseconds(1200))
                )
        );

        using var answer = await house.SendAsync(HttpMethod.Get, "/own");

        var problem = await answer.ProblemAsync(429, "too-fast");
        Assert.Equal("Wait.", (string?)problem["detail"]);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task An_app_that_is_not_available_says_whether_anything_has_happened()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app =>
            {
                app.MapGet("/plain", () => ApiProblem.Create(503, "unavailable", "Not available now"));
                app.MapGet(
                    "/unknown",
                    () =>
                        ApiProblem.Unavailable(
                            "unavailable",
                            "Look again.",
                            TimeSpan.FromSeconds(1),
                            mayHaveHappened: true
                        )
                );
            }
        );

        using var plain = await house.SendAsync(HttpMethod.Get, "/plain");
        using var unknown = await house.SendAsync(HttpMethod.Get, "/unknown");

        Assert.Equal("not-applied", (string?)(await plain.ProblemAsync(503, "unavailable"))["outcome"]);
        Assert.Equal("unknown", (string?)(await unknown.ProblemAsync(503, "unavailable"))["outcome"]);
        Assert.NotNull(unknown.Headers.RetryAfter);
    }

    [Theory]
    [InlineData("""{"name":"Emma","age":"six"}""", "age")]
    [InlineData("""{"name":{},"age":6}""", "name")]
    [InlineData("null", "body")]
    [InlineData("{", "body")]
    [InlineData("", "body")]
    [InlineData("""{"name":"\ud83d","age":6}""", "name")]
    public async Task A_wrong_body_is_told_by_the_name_of_its_field(string body, string field)
    {
        await using var house = await ReadingAsync();

        using var answer = await house.SendAsync(
            HttpMethod.Post,
            "/own",
            change: r =>
                r.Content = new StringContent(
                    body,
                    new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")
                )
        );

        Assert.Equal(field, (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=runes")]
    public async Task A_body_that_is_no_json_in_utf_8_is_told_so(string type)
    {
        await using var house = await ReadingAsync();

        using var answer = await house.PostTextAsync("/own", """{"name":"Emma","age":6}""", type);

        Assert.Equal("Content-Type", (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/vnd.app+json")]
    public async Task A_right_body_is_read(string type)
    {
        await using var house = await ReadingAsync();

        using var answer = await house.PostTextAsync("/own", """{"name":"Émile","age":6}""", type);

        Assert.Equal("Émile 6", await answer.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [MemberData(nameof(HttpAnswers.UnreadableForms), MemberType = typeof(HttpAnswers))]
    public async Task A_form_that_cannot_be_read_is_told_so(string type, string body)
    {
        await using var house = await ReadingFormsAsync();

        using var answer = await house.PostTextAsync("/own", body, type);

        Assert.Equal("body", (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Fact]
    public async Task A_body_that_is_no_form_is_told_so()
    {
        await using var house = await ReadingFormsAsync();

        using var answer = await house.PostTextAsync("/own", "name=Emma&age=6", "text/plain");

        Assert.Equal("Content-Type", (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "name=Emma&age=6")]
    [InlineData(
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=name\r\n\r\nEmma\r\n"
            + "--x\r\nContent-Disposition: form-data; name=age\r\n\r\n6\r\n--x--\r\n"
    )]
    public async Task A_right_form_is_read(string type, string body)
    {
        await using var house = await ReadingFormsAsync();

        using var answer = await house.PostTextAsync("/own", body, type);

        Assert.Equal("Emma 6", await answer.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("application/json", "[")]
    [InlineData("application/x-www-form-urlencoded", "a")]
    public async Task A_body_that_is_longer_than_the_server_takes_is_413(string type, string start)
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Use = app =>
                app.Use(
                    (context, next) =>
                    {
                        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = 10;
                        return next(context);
                    }
                );
            s.Map = app =>
                app.MapPost(
                    "/own",
                    async (HttpRequest request) =>
                        request.HasFormContentType
                            ? (await FormBody.ReadAsync(request, Token)).Problem
                            : (await JsonBody.ReadAsync<object[]>(request, Token)).Problem
                );
        });

        using var answer = await house.PostTextAsync("/own", start + new string(' ', 10), type);

        await answer.ProblemAsync(413, "body-too-large");
    }

    [Fact]
    public void A_problem_without_an_error_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => ApiProblem.Invalid([]));

    private static Task<HttpHouse> GuardedAsync() =>
        HttpHouse.StartAsync(s =>
        {
            s.Use = app => app.UseRouting().UseCrossSiteGuard();
            s.Map = app => app.MapMethods("/own", ["GET", "POST"], () => "done");
        });

    private static Task<HttpHouse> ReadingAsync() =>
        HttpHouse.StartAsync(s =>
            s.Map = app =>
                app.MapPost(
                    "/own",
                    async (HttpRequest request) =>
                    {
                        var (child, problem) = await JsonBody.ReadAsync<Child>(request, Token);
                        return problem ?? Results.Text($"{child!.Name} {child.Age}");
                    }
                )
        );

    private static Task<HttpHouse> ReadingFormsAsync() =>
        HttpHouse.StartAsync(s =>
            s.Map = app =>
                app.MapPost(
                    "/own",
                    async (HttpRequest request) =>
                    {
                        var (form, problem) = await FormBody.ReadAsync(request, Token);
                        return problem ?? Results.Text($"{form!["name"]} {request.Form["age"]}");
                    }
                )
        );

    private static Task<HttpResponseMessage> SendAsync(
        HttpHouse house,
        HttpMethod method,
        string header,
        string value
    ) => house.SendAsync(method, "/own", change: r => r.Headers.TryAddWithoutValidation(header, value));

    private sealed record Child(string? Name, int Age);
}
