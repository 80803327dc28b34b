using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Testing;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>How an endpoint can say what it requires, and what becomes of what it says.</summary>
public sealed class RequirementTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/controller/convention")]
    [InlineData("/page/convention")]
    public async Task Controllers_and_pages_can_be_told_where_they_are_mapped(string path)
    {
        var scene = new Scene();
        await using var house = await HttpHouse.StartAsync(s =>
        {
            ChargedHouse.Furnish(s, scene);
            s.Map = app =>
            {
                app.MapControllers().RequireCredits(2);
                app.MapRazorPages().RequireCredits(2);
            };
        });
        await (await house.SendAsync(HttpMethod.Post, path)).ProblemAsync(402, "insufficient-credits");
        await house.GrantAsync(3);

        Assert.Equal(HttpStatusCode.OK, (await house.SendAsync(HttpMethod.Post, path)).StatusCode);

        Assert.Equal(1, scene.Runs);
        Assert.Equal(1, await house.BalanceAsync());
    }

    [Fact]
    public async Task The_innermost_requirement_counts_and_is_charged_once()
    {
        var scene = new Scene();
        await using var house = await HttpHouse.StartAsync(s =>
        {
            ChargedHouse.Furnish(s, scene);
            s.Map = app =>
            {
                app.MapControllers().RequireCredits(7);
                var group = app.MapGroup("/outer").RequireCredits("book");
                group.MapPost("inner", () => "ok").RequireCredits(1, "page");
                group.MapPost("plain", () => "ok");
                app.MapPost("/attribute", [RequireCredits("letter")] () => "ok");
            };
        });
        await house.GrantAsync(10);

        foreach (var path in new[] { "/outer/inner", "/outer/plain", "/attribute", "/controller/scene" })
        {
            Assert.Equal(HttpStatusCode.OK, (await house.SendAsync(HttpMethod.Post, path)).StatusCode);
        }

        var history = await house.Ledger.ReadHistoryAsync(HttpHouse.Anna, cancellationToken: Token);
        var reserves = history
            .Where(e => e.Kind == CreditEntryKind.Reserve)
            .Select(e => $"{e.Action} {e.Credits}")
            .Reverse();
        Assert.Equal(["page -1", "book -3", "letter -1", "letter -1"], reserves);
    }

    [Fact]
    public async Task Of_a_range_the_most_is_reserved_and_less_can_be_committed()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app =>
                app.MapPost(
                        "/speech",
                        async (HttpContext c, int words, CreditLedger ledger) =>
                        {
                            c.CommitCredits(words);
                            return (await ledger.ReadBalanceAsync(HttpHouse.Anna, Token)).Reserved;
                        }
                    )
                    .RequireCredits("speech")
        );
        await house.GrantAsync(9);

        var answer = await house.SendAsync(HttpMethod.Post, "/speech?words=2");

        Assert.Equal("4", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal((7, 0), await house.CreditsAsync());
    }

    [Fact]
    public async Task Readers_of_minimal_apis_are_charged_too()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app => app.MapGet("/download", () => "bytes").RequireCredits(1)
        );
        await house.GrantAsync(3);

        Assert.Equal("bytes", await house.Client.GetStringAsync("/download", Token));

        Assert.Equal(2, await house.BalanceAsync());
    }

    [Fact]
    public async Task An_action_without_a_price_stops_the_host_at_start()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            HttpHouse.StartAsync(s => s.Map = app => app.MapPost("/poem", () => "").RequireCredits("poem"))
        );

        Assert.Contains("AddAction(\"poem\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_services_a_paid_endpoint_does_not_run()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var runs = 0;
        app.MapPost("/letters", () => runs++).RequireCredits(1);
        await app.StartAsync(Token);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var answer = await client.PostAsync("/letters", null, Token);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(0, runs);
    }

    [Fact]
    public async Task Without_the_services_a_paid_controller_does_not_run()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var scene = new Scene();
        builder.Services.AddSingleton(scene);
        builder.Services.AddControllersWithViews().AddApplicationPart(typeof(SceneController).Assembly);
        await using var app = builder.Build();
        app.MapControllers();
        await app.StartAsync(Token);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var answer = await client.PostAsync("/controller/scene", null, Token);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal(0, scene.Runs);
    }

    [Fact]
    public async Task A_first_check_answers_bad_input_before_anything_is_reserved()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Options = o => o.RateLimit = new CreditRateLimit(1, TimeSpan.FromMinutes(1));
            s.Map = app =>
                app.MapPost("/letters", ([FromBody] JsonObject body) => body["name"]!.ToString())
                    .RequireCredits("letter")
                    .CheckFirst(async c =>
                    {
                        var body = await JsonNode.ParseAsync(c.Request.Body, cancellationToken: Token);
                        return body!["name"] is null ? Results.BadRequest("name: is required.") : null;
                    });
        });

        // Without a credit: bad input comes before the paywall.
        var bad = await house.SendAsync(HttpMethod.Post, "/letters", new JsonObject());
        var poor = await house.SendAsync(HttpMethod.Post, "/letters", new JsonObject { ["name"] = "Anna" });
        await house.GrantAsync(3);
        var good = await house.SendAsync(HttpMethod.Post, "/letters", new JsonObject { ["name"] = "Anna" });

        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Equal(HttpStatusCode.PaymentRequired, poor.StatusCode);
        Assert.Equal("Anna", await good.Content.ReadAsStringAsync(Token));
        Assert.Equal(2, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_first_check_holds_for_what_is_given_away_too()
    {
        var runs = 0;
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app =>
                app.MapGroup("/letters")
                    .CheckFirst(async c =>
                        (await JsonNode.ParseAsync(c.Request.Body, cancellationToken: Token))!["name"] is null
                            ? Results.BadRequest("name: is required.")
                            : null
                    )
                    .MapPost(
                        "",
                        ([FromBody] JsonObject body) =>
                        {
                            runs++;
                            return body["name"]!.ToString();
                        }
                    )
        );

        var bad = await house.SendAsync(HttpMethod.Post, "/letters", new JsonObject());
        var good = await house.SendAsync(HttpMethod.Post, "/letters", new JsonObject { ["name"] = "Anna" });

        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Equal("Anna", await good.Content.ReadAsStringAsync(Token));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task What_is_given_away_is_limited_per_address_whoever_asks_and_bad_input_does_not_count()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app =>
            {
                var letters = app.MapGroup("/letters")
                    .CheckFirst(c =>
                        ValueTask.FromResult(c.Request.Query.ContainsKey("bad") ? Results.BadRequest() : null)
                    )
                    .LimitPerAddress(2, TimeSpan.FromDays(1));
                letters.MapPost("", () => "a letter");
                letters.MapPost("/stream", () => "a letter");
            }
        );
        using var eve = house.MakeClient("eve");

        using var bad = await house.SendAsync(HttpMethod.Post, "/letters?bad");
        using var first = await house.SendAsync(HttpMethod.Post, "/letters");
        using var second = await house.SendAsync(HttpMethod.Post, "/letters/stream", client: eve);
        using var third = await house.SendAsync(HttpMethod.Post, "/letters", client: eve);
        using var browser = await house.SendAsync(
            HttpMethod.Post,
            "/letters",
            change: r => r.Headers.Accept.ParseAdd("text/html")
        );

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK],
            new[] { bad, first, second }.Select(a => a.StatusCode)
        );
        await third.ProblemAsync(429, "too-many-requests");
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromHours(1), TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, browser.StatusCode);
        Assert.Equal(0, browser.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task An_app_can_show_a_paywall_of_its_own()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.PayPerUse = b =>
                b.ConfigureHttp(o =>
                    o.Paywall = (c, short_) =>
                        ValueTask.FromResult(
                            c.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
                                ? Results.Text($"<p>{short_.Required} please</p>", "text/html", statusCode: 402)
                                : null
                        )
                );
            s.Map = app => app.MapPost("/letters", () => "").RequireCredits("book");
        });

        var page = await house.SendAsync(
            HttpMethod.Post,
            "/letters",
            change: r => r.Headers.Add("Accept", "text/html")
        );
        var problem = await house.SendAsync(HttpMethod.Post, "/letters");

        Assert.Equal(HttpStatusCode.PaymentRequired, page.StatusCode);
        Assert.Equal("<p>3 please</p>", await page.Content.ReadAsStringAsync(Token));
        await problem.ProblemAsync(402, "insufficient-credits");
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_is_an_error_and_not_charged()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.PayPerUse = b => b.ConfigureHttp(o => (o.HeldAnswerMemory, o.HeldAnswerLimit) = (1024, 4096));
            s.Map = app => app.MapPost("/letters", () => new string('x', 5000)).RequireCredits("letter");
        });
        await house.GrantAsync(3);

        var answer = await house.SendAsync(HttpMethod.Post, "/letters");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal((3, 0), await house.CreditsAsync());
    }

    [Fact]
    public async Task A_reservation_is_renewed_while_its_request_runs()
    {
        var started = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var renewals = new SemaphoreSlim(0);
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.FreezeTime();
            s.Store.After = b =>
            {
                if (b.Commands.Any(c => c.Kind == CreditCommandKind.Renew))
                {
                    renewals.Release();
                }

                return Task.CompletedTask;
            };
            s.Map = app =>
                app.MapPost(
                        "/slow",
                        async () =>
                        {
                            started.SetResult();
                            await go.Task;
                            return "at last";
                        }
                    )
                    .RequireCredits("letter");
        });
        await house.GrantAsync(3);
        var answer = house.SendAsync(HttpMethod.Post, "/slow");
        await started.Task.WaitAsync(Token);

        // Three times the reservation's time.
        for (var i = 0; i < 9; i++)
        {
            house.Clock!.Advance(TimeSpan.FromMinutes(10) / 3);
            await renewals.WaitAsync(Token);
        }

        Assert.Equal((2, 1), await house.CreditsAsync());
        go.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        Assert.Equal((2, 0), await house.CreditsAsync());
    }

    [Fact]
    public async Task Each_running_request_is_renewed_in_its_own_time_and_none_that_is_over()
    {
        var going = new ConcurrentDictionary<string, TaskCompletionSource>();
        var renewed = Channel.CreateUnbounded<string>();
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.FreezeTime();
            s.Store.After = async b =>
            {
                foreach (var renewal in b.Commands.Where(c => c.Kind == CreditCommandKind.Renew))
                {
                    await renewed.Writer.WriteAsync(renewal.Id, Token);
                }
            };
            s.Map = app =>
                app.MapPost(
                        "/slow",
                        async (HttpContext context) =>
                        {
                            var go = new TaskCompletionSource();
                            going[context.GetCreditCharge()!.OperationId] = go;
                            await go.Task;
                            return "at last";
                        }
                    )
                    .RequireCredits("letter");
        });
        await house.GrantAsync(3);
        var period = TimeSpan.FromMinutes(10) / 3;
        var first = await StartAsync("first");
        house.Clock!.Advance(period / 4);
        var second = await StartAsync("second");
        house.Clock.Advance(period / 4);
        var third = await StartAsync("third");

        house.Clock.Advance(period / 2);
        Assert.Equal("http:first", await renewed.Reader.ReadAsync(Token));
        await EndAsync("second", second);
        house.Clock.Advance(period / 2);
        Assert.Equal("http:third", await renewed.Reader.ReadAsync(Token));
        await EndAsync("first", first);
        await EndAsync("third", third);
        house.Clock.Advance(period);

        // After a time in which nothing ran, it goes on as before.
        var last = await StartAsync("last");
        house.Clock.Advance(period);
        Assert.Equal("http:last", await renewed.Reader.ReadAsync(Token));
        await EndAsync("last", last);
        Assert.False(renewed.Reader.TryRead(out _));

        async Task<Task<HttpResponseMessage>> StartAsync(string key)
        {
            await house.GrantAsync(1);
            var answer = house.SendAsync(HttpMethod.Post, "/slow", key: key);
            await foreach (var _ in Patience.TriesAsync("The request " + key, Token))
            {
                if (going.ContainsKey(key))
                {
                    break;
                }
            }

            return answer;
        }

        async Task EndAsync(string key, Task<HttpResponseMessage> answer)
        {
            going[key].SetResult();
            Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        }
    }

    [Fact]
    public async Task A_client_that_left_still_counts_in_the_rate_window()
    {
        var started = new TaskCompletionSource();
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Options = o => o.RateLimit = new CreditRateLimit(1, TimeSpan.FromMinutes(1));
            s.Map = app =>
                app.MapPost(
                        "/slow",
                        async (CancellationToken aborted) =>
                        {
                            started.TrySetResult();
                            await Task.Delay(Timeout.Infinite, aborted);
                        }
                    )
                    .RequireCredits("letter");
        });
        await house.GrantAsync(3);
        using var leave = new CancellationTokenSource();
        var answer = house.Client.PostAsync("/slow", null, leave.Token);
        await started.Task.WaitAsync(Token);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        while ((await house.CreditsAsync()).Reserved > 0)
        {
            await Task.Delay(5, Token);
        }

        await (await house.SendAsync(HttpMethod.Post, "/slow")).ProblemAsync(429, "rate-limited");

        Assert.Equal((3, 0), await house.CreditsAsync());
    }
}
