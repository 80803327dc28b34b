using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>An answer that leaves while it is made can be kept too, once it ended well.</summary>
public sealed class KeepStreamedAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_streamed_is_given_again_whole_and_for_free()
    {
        var runs = 0;
        await using var house = await StartAsync(async context =>
        {
            runs++;
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync("through the stream, ", Token);
            await context.Response.Body.FlushAsync(Token);
            await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes("through the pipe, "), Token);
            await context.Response.WriteAsync("and not flushed", Token);
        });
        await house.GrantAsync(2);

        var first = await PostAsync(house);
        Assert.Equal("through the stream, through the pipe, and not flushed", await TextAsync(first));
        var second = await PostAsync(house);

        Assert.Equal("through the stream, through the pipe, and not flushed", await TextAsync(second));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotent-Replayed")));
        Assert.Equal(1, runs);
        Assert.Equal((1, 0), await house.CreditsAsync());
    }

    [Fact]
    public async Task A_stream_that_broke_is_neither_charged_nor_kept_and_the_same_key_tries_again()
    {
        var runs = 0;
        await using var house = await StartAsync(async context =>
        {
            await context.Response.WriteAsync("half", Token);
            await context.Response.Body.FlushAsync(Token);
            if (++runs == 1)
            {
                throw new InvalidOperationException("The maker broke.");
            }

            await context.Response.WriteAsync(" and whole", Token);
        });
        await house.GrantAsync(1);

        var broken = await PostAsync(house);
        await Assert.ThrowsAnyAsync<Exception>(() => broken.Content.ReadAsStringAsync(Token));

        // The credit returns a moment after the connection broke.
        while (await house.CreditsAsync() != (1, 0))
        {
            await Task.Delay(5, Token);
        }

        Assert.Equal("half and whole", await TextAsync(await PostAsync(house)));
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task An_action_that_works_on_for_a_client_that_left_is_charged_and_kept_whole()
    {
        var left = new TaskCompletionSource();
        await using var house = await StartAsync(async context =>
        {
            await context.Response.WriteAsync("half", CancellationToken.None);
            await context.Response.Body.FlushAsync(CancellationToken.None);
            using var gone = context.RequestAborted.Register(left.SetResult);
            await left.Task.WaitAsync(Token);
            await context.Response.WriteAsync(" and whole", CancellationToken.None);
        });
        await house.GrantAsync(1);

        using (var answer = await PostAsync(house))
        {
            await using var body = await answer.Content.ReadAsStreamAsync(Token);
            await body.ReadExactlyAsync(new byte[4], Token);
        }

        while (await house.CreditsAsync() != (0, 0))
        {
            await Task.Delay(5, Token);
        }

        Assert.Equal("half and whole", await TextAsync(await PostAsync(house)));
    }

    [Fact]
    public async Task A_stream_above_the_limit_is_charged_and_sent_but_not_kept()
    {
        await using var house = await StartAsync(
            context => context.Response.WriteAsync(new string('x', 1025), Token),
            s => s.PayPerUse = b => b.ConfigureHttp(o => o.KeptAnswerLimit = 1024)
        );
        await house.GrantAsync(2);

        Assert.Equal(1025, (await TextAsync(await PostAsync(house))).Length);
        while (await house.CreditsAsync() != (1, 0))
        {
            await Task.Delay(5, Token);
        }

        await (await PostAsync(house)).ProblemAsync(409, "already-done");
    }

    private static Task<HttpHouse> StartAsync(RequestDelegate act, Action<HttpHouseSetup>? configure = null) =>
        HttpHouse.StartAsync(s =>
        {
            s.Services = services => services.AddDataProtection().UseEphemeralDataProtectionProvider();
            s.Map = app =>
                app.MapPost("/stream", act).RequireCredits("letter").StreamAnswer().KeepAnswer(TimeSpan.FromDays(1));
            configure?.Invoke(s);
        });

    private static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpHouse house)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/stream");
        request.Headers.Add("Idempotency-Key", "k");
        return house.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }
}
