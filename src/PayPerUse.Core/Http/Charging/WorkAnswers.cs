using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PayPerUse.Http.Charging;

/// <summary>Runs work within its time, and answers with what it made: at the end, or line by line.</summary>
internal static class WorkAnswers
{
    public static async Task<IResult> WholeAsync<TMade>(HttpContext context, CreditWork<TMade> work)
    {
        var aborted = context.RequestAborted;
        try
        {
            var made = await RunAsync(context, work, static _ => Task.CompletedTask, aborted).ConfigureAwait(false);
            return context.Request.HasFormContentType
                ? Results.LocalRedirect(work.Url(made))
                : Results.Created(work.Url(made), work.Answer(made));
        }
        catch (Exception e) when (!aborted.IsCancellationRequested)
        {
            // A status of 400 or more gives the credits back.
            LogFailure(context, e);
            return context.Request.HasFormContentType || context.Request.AcceptsPage()
                ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
                : ApiProblem.Create(503, "unavailable", "Not available now", work.Sorry(context));
        }
    }

    public static async Task StreamAsync<TMade>(HttpContext context, CreditWork<TMade> work)
    {
        object last;
        try
        {
            var made = await RunAsync(context, work, TellAsync, CancellationToken.None).ConfigureAwait(false);
            last = new { made = work.Answer(made), url = work.Url(made) };
        }
        catch (Exception e)
        {
            LogFailure(context, e);
            context.ReleaseCredits();
            last = new { error = work.Sorry(context) };
        }

        await TellAsync(last).ConfigureAwait(false);

        Task TellAsync(object line) => context.Response.WriteJsonLineAsync(line);
    }

    private static async Task<TMade> RunAsync<TMade>(
        HttpContext context,
        CreditWork<TMade> work,
        Func<object, Task> tell,
        CancellationToken cancellationToken
    )
    {
        var clock = context.RequestServices.GetRequiredService<TimeProvider>();
        using var limit = new CancellationTokenSource(work.Limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var isGivenUp = both.Token;
        var run = work.Begin(context);
        var made = await run(TellAsync, isGivenUp).WaitAsync(isGivenUp).ConfigureAwait(false);
        if (work.IsFree(made))
        {
            context.ReleaseCredits();
        }

        return made;

        // Work that did not hear that it was given up has no listener any more.
        Task TellAsync(object line) => isGivenUp.IsCancellationRequested ? Task.CompletedTask : tell(line);
    }

    private static void LogFailure(HttpContext context, Exception e) =>
        HttpLog.Unavailable(
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(WorkAnswers)),
            context.Request.Path,
            e
        );
}
