using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Answers;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Charging;

/// <summary>Runs an action for which credits are reserved, and decides what becomes of them.</summary>
internal sealed class ChargedRun(
    Settlement settlement,
    ReservationRenewal renewal,
    KeptAnswers answers,
    IOptions<PayPerUseHttpOptions> options,
    ILogger<ChargedRun> logger,
    IHostApplicationLifetime? lifetime = null
)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public async Task RunAsync(
        HttpContext context,
        RequestDelegate next,
        CreditCharge charge,
        CreditRequirement required
    )
    {
        var connection = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        var abort = new AbortWatch(connection);
        context.Features.Set<IHttpRequestLifetimeFeature>(abort);
        context.Features.Set(charge);
        try
        {
            await (
                required.StreamsAnswer
                    ? StreamAsync(context, next, charge, abort, required.KeepFor)
                    : HoldAsync(context, next, charge, abort, required.KeepFor)
            ).ConfigureAwait(false);
        }
        finally
        {
            context.Features.Set<CreditCharge>(null);
            context.Features.Set(connection);
        }
    }

    /// <summary>The ordinary way: nothing leaves before it is charged.</summary>
    private async Task HoldAsync(
        HttpContext context,
        RequestDelegate next,
        CreditCharge charge,
        AbortWatch abort,
        TimeSpan? keepFor
    )
    {
        var held = new HeldAnswer(context, options.Value);
        await using (held.ConfigureAwait(false))
        {
            try
            {
                await RenewWhileAsync(context, next, charge).ConfigureAwait(false);
                await held.FinishAsync().ConfigureAwait(false);
            }
            catch
            {
                held.Restore();
                await settlement.ReleaseAsync(charge).ConfigureAwait(false);
                throw;
            }

            if (IsDeclined(context, charge) || abort.IsAborted)
            {
                await settlement.ReleaseAsync(charge).ConfigureAwait(false);
                await held.SendAsync().ConfigureAwait(false);
                return;
            }

            var failure = keepFor is { } time
                ? await KeepAsync(context, held, charge, time).ConfigureAwait(false)
                : null;
            failure ??= await settlement.CommitAsync(charge).ConfigureAwait(false);
            if (failure is not null)
            {
                held.Discard();
                await failure.ExecuteAsync(context).ConfigureAwait(false);
                return;
            }

            await held.SendAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Keeps the answer before it is charged. What cannot be kept is not charged and not sent.</summary>
    private async Task<ProblemAnswer?> KeepAsync(
        HttpContext context,
        HeldAnswer held,
        CreditCharge charge,
        TimeSpan time
    )
    {
        try
        {
            var body = await held.ReadAsync(options.Value.KeptAnswerLimit).ConfigureAwait(false);
            await answers
                .SaveAsync(charge.Reservation, HttpAnswer.Of(context.Response, body), time)
                .ConfigureAwait(false);
            return null;
        }
        catch (AnswerStoreException e)
        {
            AnswerLog.NotKept(logger, charge.OperationId, e);
            await settlement.ReleaseAsync(charge).ConfigureAwait(false);
            return Problem.Unavailable(
                "store-unavailable",
                "The answer could not be kept, so nothing was taken. Try again.",
                RetryAfter,
                CreditOperationOutcome.NotApplied
            );
        }
        catch
        {
            held.Restore();
            await settlement.ReleaseAsync(charge).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The chosen way: the answer leaves while it is made, and is charged at its end.</summary>
    private async Task StreamAsync(
        HttpContext context,
        RequestDelegate next,
        CreditCharge charge,
        AbortWatch abort,
        TimeSpan? keepFor
    )
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var copied = keepFor is null ? null : new CopiedBody(body, options.Value.KeptAnswerLimit);
        byte[]? answer = null;
        try
        {
            if (copied is not null)
            {
                context.Features.Set<IHttpResponseBodyFeature>(copied);
            }

            await RenewWhileAsync(context, next, charge).ConfigureAwait(false);
            answer = copied is null ? null : await copied.ReadAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var isClientGone =
                e is OperationCanceledException or IOException
                && context.RequestAborted.IsCancellationRequested
                && !abort.IsAbortedFirst
                && lifetime?.ApplicationStopping.IsCancellationRequested is not true;
            if (isClientGone && context.Response.HasStarted && !charge.IsDeclined)
            {
                await settlement.CommitSentAsync(charge).ConfigureAwait(false);
            }
            else
            {
                await settlement.ReleaseAsync(charge).ConfigureAwait(false);
            }

            throw;
        }
        finally
        {
            if (copied is not null)
            {
                context.Features.Set(body);
            }
        }

        if (IsDeclined(context, charge) || abort.IsAbortedFirst || (abort.IsAborted && !context.Response.HasStarted))
        {
            await settlement.ReleaseAsync(charge).ConfigureAwait(false);
            return;
        }

        if (keepFor is { } time)
        {
            await KeepSentAsync(context, answer, charge, time).ConfigureAwait(false);
        }

        await settlement.CommitSentAsync(charge).ConfigureAwait(false);
    }

    /// <summary>Keeps what was sent before it is charged. What cannot be kept was sent nevertheless, so it is charged.</summary>
    private async Task KeepSentAsync(HttpContext context, byte[]? answer, CreditCharge charge, TimeSpan time)
    {
        if (answer is null)
        {
            AnswerLog.TooLongToKeep(logger, charge.OperationId, options.Value.KeptAnswerLimit);
            return;
        }

        try
        {
            await answers
                .SaveAsync(charge.Reservation, HttpAnswer.Of(context.Response, answer), time)
                .ConfigureAwait(false);
        }
        catch (AnswerStoreException e)
        {
            AnswerLog.SentNotKept(logger, charge.OperationId, e);
        }
    }

    private static bool IsDeclined(HttpContext context, CreditCharge charge) =>
        charge.IsDeclined || context.Response.StatusCode >= StatusCodes.Status400BadRequest;

    private async Task RenewWhileAsync(HttpContext context, RequestDelegate next, CreditCharge charge)
    {
        var renewed = renewal.Start(charge.Reservation);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            renewal.Stop(renewed);
        }
    }
}
