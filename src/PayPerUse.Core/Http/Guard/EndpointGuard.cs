using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Guard;

/// <summary>Endpoint filters of the contract's own endpoints.</summary>
internal static class EndpointGuard
{
    /// <summary>Lets only an account in, and answers 503 when a store or a provider does not.</summary>
    public static async ValueTask<object?> WithAccountAsync(
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next
    )
    {
        return await WithFailuresAsync(invocation, EnterAsync).ConfigureAwait(false);

        async ValueTask<object?> EnterAsync(EndpointFilterInvocationContext inner)
        {
            var context = inner.HttpContext;
            var guard = context.RequestServices.GetRequiredService<RequestGuard>();
            var (account, refusal) = await guard.EnterAsync(context).ConfigureAwait(false);
            if (refusal is not null)
            {
                return refusal;
            }

            context.Features.Set(new RequestAccount(account));
            context.Response.Headers.CacheControl = "no-store";
            return await next(inner).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Lets only an account in that is open: whoever still comes with one that was merged is not signed in any more. Comes after
    /// <see cref="WithAccountAsync"/>, where the account is not read anyway.
    /// </summary>
    public static async ValueTask<object?> WithOpenAccountAsync(
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next
    )
    {
        var context = invocation.HttpContext;
        var ledger = context.RequestServices.GetRequiredService<CreditLedger>();
        var into = await ledger.FindMergedIntoAsync(context.GetAccount(), context.RequestAborted).ConfigureAwait(false);
        return into is null ? await next(invocation).ConfigureAwait(false) : Problem.SignInRequired();
    }

    /// <summary>Answers 503 when a store or a provider does not.</summary>
    public static async ValueTask<object?> WithFailuresAsync(
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next
    )
    {
        var context = invocation.HttpContext;
        try
        {
            return await next(invocation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer; the number is for the log.
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
        catch (Exception e) when (FailureProblem.Of(e, context.Request) is { } problem)
        {
            if (problem.Status >= 500)
            {
                HttpLog.Unavailable(LoggerOf(context), context.Request.Path, e);
            }

            return problem;
        }
    }

    /// <summary>The account that <see cref="WithAccountAsync"/> let in.</summary>
    public static AccountId GetAccount(this HttpContext context) =>
        context.Features.GetRequiredFeature<RequestAccount>().Account;

    private static ILogger LoggerOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(EndpointGuard));

    private sealed record RequestAccount(AccountId Account);
}
