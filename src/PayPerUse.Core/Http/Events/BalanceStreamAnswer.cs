using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Http.Endpoints;

namespace PayPerUse.Http.Events;

/// <summary>Writes the events of one stream until its client leaves, its user signs out, its account is merged, or the host stops.</summary>
internal sealed class BalanceStreamAnswer(BalanceStreams streams, BalanceStream stream, CreditBalance first) : IResult
{
    // Between two looks at a store that fails, or whose clock lags behind ours.
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var open = stream;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted,
            stream.Ended.Token,
            httpContext.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default
        );
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await WriteEventAsync(response, CreditStatusAnswer.Of(first), ended.Token).ConfigureAwait(false);
            await FollowAsync(httpContext, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The end of the answer tells the client.
        }
    }

    private async Task FollowAsync(HttpContext context, CancellationToken ended)
    {
        var services = context.RequestServices;
        var clock = services.GetRequiredService<TimeProvider>();
        var heartbeat = services.GetRequiredService<IOptions<PayPerUseHttpOptions>>().Value.Heartbeat;
        var sessions = services.GetRequiredService<SessionCheck>();

        // One timer wakes the stream for whatever is due next.
        using var timer = clock.CreateTimer(
            static s => ((BalanceStream)s!).Wake(),
            stream,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        var last = CreditStatusAnswer.Of(first);
        var dueAt = first.NextDue;
        var heartbeatAt = clock.GetUtcNow() + heartbeat;
        while (true)
        {
            var next = (dueAt < heartbeatAt ? dueAt.Value : heartbeatAt) - clock.GetUtcNow();
            timer.Change(next > MinWait ? next : MinWait, Timeout.InfiniteTimeSpan);
            var isChanged = await stream.WaitAsync(ended).ConfigureAwait(false);
            var now = clock.GetUtcNow();
            if (isChanged || dueAt <= now)
            {
                try
                {
                    var balance = await streams.ReadAsync(stream, ended).ConfigureAwait(false);
                    if (balance.MergedInto is not null)
                    {
                        return;
                    }

                    dueAt = balance.NextDue;
                    if (CreditStatusAnswer.Of(balance) is var current && current != last)
                    {
                        last = current;
                        await WriteEventAsync(context.Response, current, ended).ConfigureAwait(false);
                    }
                }
                catch (CreditStoreException)
                {
                    dueAt = now + RetryWait;
                }
            }

            if (heartbeatAt <= now)
            {
                if (!await sessions.IsStillSignedInAsync(context, stream.Account, ended).ConfigureAwait(false))
                {
                    return;
                }

                heartbeatAt = now + heartbeat;
                await WriteAsync(context.Response, ": heartbeat\n\n", ended).ConfigureAwait(false);
            }
        }
    }

    private static Task WriteEventAsync(HttpResponse response, CreditStatusAnswer status, CancellationToken ended) =>
        WriteAsync(
            response,
            $"event: balance\ndata: {JsonSerializer.Serialize(status, AnswerJson.Default.CreditStatusAnswer)}\n\n",
            ended
        );

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken ended)
    {
        await response.WriteAsync(text, ended).ConfigureAwait(false);
        await response.Body.FlushAsync(ended).ConfigureAwait(false);
    }
}
