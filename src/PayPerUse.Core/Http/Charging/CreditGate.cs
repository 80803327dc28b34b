using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Http.Endpoints;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Charging;

/// <summary>The way into an endpoint that requires credits: who, with which key, and are there enough.</summary>
internal sealed class CreditGate(
    CreditLedger ledger,
    RequestGuard guard,
    CreditRefusal refusals,
    ChargedRun run,
    KeptAnswers answers,
    IOptions<PayPerUseHttpOptions> options
)
{
    public async Task RunAsync(HttpContext context, RequestDelegate next, CreditRequirement required)
    {
        context.Features.Set(CreditGateMark.Instance);
        if (required.IsPage && CrossSite.IsSafe(context.Request.Method))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        CreditCharge? charge = null;
        IResult? refusal;
        try
        {
            (charge, refusal) = await EnterAsync(context, required).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer, and the ledger returns what was reserved for a caller that gave up.
            return;
        }
        catch (Exception e) when (FailureProblem.Of(e, context.Request) is { } problem)
        {
            refusal = problem;
        }

        if (charge is null)
        {
            await refusal!.ExecuteAsync(context).ConfigureAwait(false);
            return;
        }

        await run.RunAsync(context, next, charge, required).ConfigureAwait(false);
    }

    private async ValueTask<(CreditCharge?, IResult?)> EnterAsync(HttpContext context, CreditRequirement required)
    {
        var (account, refusal) = await guard.EnterAsync(context).ConfigureAwait(false);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        var errors = new InvalidFields();
        var key = await IdempotencyKey.FromHeaderOrFormAsync(context.Request, errors).ConfigureAwait(false);
        if (errors.ToProblem() is { } invalid)
        {
            return (null, invalid);
        }

        if (await FirstCheck.RunAsync(required.Checks, context).ConfigureAwait(false) is { } answer)
        {
            return (null, answer);
        }

        var reserved = await ledger
            .ReserveAsync(
                account,
                key is null ? OperationIds.Make() : OperationIds.FromKey(key),
                required.Credits,
                required.Action,
                cancellationToken: context.RequestAborted
            )
            .ConfigureAwait(false);
        return reserved switch
        {
            { Status: CreditStatus.Applied, Reservation: { } mine } => (
                new CreditCharge(mine.ToId(account), required.Action, mine.Credits),
                null
            ),
            { Status: CreditStatus.Replayed, Reservation: { State: ReservationState.Committed } done } => (
                null,
                required.KeepFor is null
                    ? Problem.AlreadyDone(reserved.OperationId)
                    : await answers.FindAsync(done.ToId(account), context.RequestAborted).ConfigureAwait(false)
                        ?? Problem.AlreadyDone(reserved.OperationId)
            ),
            { Status: CreditStatus.Replayed } => (null, Problem.InProgress(reserved.OperationId)),
            { Status: CreditStatus.InsufficientCredits } => (
                null,
                await PaywallAsync(context, required, reserved.Balance).ConfigureAwait(false)
                    ?? refusals.Of(reserved, required.Credits, context.Request)
            ),
            _ => (null, refusals.Of(reserved, required.Credits, context.Request)),
        };
    }

    private async Task<IResult?> PaywallAsync(HttpContext context, CreditRequirement required, long balance) =>
        options.Value.Paywall is { } paywall
            ? await paywall(context, new InsufficientCredits(required.Action, balance, required.Credits))
                .ConfigureAwait(false)
            : null;
}
