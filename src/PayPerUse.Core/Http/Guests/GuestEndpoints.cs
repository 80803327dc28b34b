using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using PayPerUse.Credits;
using PayPerUse.Http.Endpoints;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;

namespace PayPerUse.Http.Guests;

/// <summary>Makes a guest's wallet, and gives what is in it to whoever signed in: both only when asked by the app's own pages.</summary>
internal static class GuestEndpoints
{
    /// <summary>The parameter that tells a page by its code what went wrong.</summary>
    private const string Told = "wallet";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapPost("/credits/guest", MakeAsync)
            .Describe("MakeGuestWallet", "Gives this browser a wallet, without an account")
            .Produces<CreditStatusAnswer>(StatusCodes.Status201Created)
            .Produces<CreditStatusAnswer>()
            .Problems(403, 409, 429, 503);
        endpoints
            .MapPost("/credits/claim", ClaimAsync)
            .Describe("ClaimGuestWallet", "Moves what is in this browser's wallet to the signed-in user")
            .Produces<CreditStatusAnswer>()
            .Problems(401, 403, 404, 409, 429, 503);
    }

    private static async Task<IResult> MakeAsync(
        HttpContext context,
        GuestWallets wallets,
        CreditLedger ledger,
        IAccountResolver resolver,
        RequestGuard guard
    )
    {
        if (guard.Refuse(context) is { } refused)
        {
            return refused;
        }

        var (returnUrl, problem) = await ReadReturnUrlAsync(context).ConfigureAwait(false);
        if (problem is not null)
        {
            return problem;
        }

        var wallet = wallets.Find(context);
        var user = await resolver.ResolveAsync(context, context.RequestAborted).ConfigureAwait(false);
        if (user is not null && user != wallet)
        {
            return Answer(returnUrl, Problem.SignedIn());
        }

        if (wallet is { } kept)
        {
            var balance = await ledger.ReadBalanceAsync(kept, context.RequestAborted).ConfigureAwait(false);
            if (balance.MergedInto is null)
            {
                wallets.Keep(context, kept);
                return Answer(returnUrl, balance, StatusCodes.Status200OK);
            }
        }

        wallets.Make(context);
        return Answer(returnUrl, new CreditBalance(0, 0, null, 0), StatusCodes.Status201Created);
    }

    private static async Task<IResult> ClaimAsync(
        HttpContext context,
        GuestWallets wallets,
        AccountMerges merges,
        CreditLedger ledger,
        IAccountResolver resolver,
        RequestGuard guard
    )
    {
        if (guard.RefuseFlood(context) is { } flooded)
        {
            return flooded;
        }

        var wallet = wallets.Find(context);
        var user = await resolver.ResolveAsync(context, context.RequestAborted).ConfigureAwait(false);
        if (user is not { } account || user == wallet)
        {
            return Problem.SignInRequired();
        }

        if (guard.RefuseOrigin(context) is { } refused)
        {
            return refused;
        }

        var (returnUrl, problem) = await ReadReturnUrlAsync(context).ConfigureAwait(false);
        if (problem is not null)
        {
            return problem;
        }

        if (wallet is not { } guest)
        {
            return Answer(returnUrl, Problem.NoGuestWallet());
        }

        var merge = await merges.MergeAsync(guest, account, context.RequestAborted).ConfigureAwait(false);
        switch (merge.Status)
        {
            case CreditMergeStatus.Merged or CreditMergeStatus.AlreadyMerged:
                wallets.End(context);
                var balance = await ledger.ReadBalanceAsync(account, context.RequestAborted).ConfigureAwait(false);
                return Answer(returnUrl, balance, StatusCodes.Status200OK);
            case CreditMergeStatus.ReservationsOpen:
                return Answer(returnUrl, Problem.GuestIsBusy(RetryAfter));
            case CreditMergeStatus.SourceClosed:
                wallets.End(context);
                return Answer(returnUrl, Problem.AlreadyClaimed());
            default:
                // The account that is signed in to was merged itself.
                return Problem.SignInRequired();
        }
    }

    /// <summary>Where a form wants to go afterwards; null for a script, which wants an answer.</summary>
    private static async Task<(string? ReturnUrl, IResult? Problem)> ReadReturnUrlAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return (null, null);
        }

        var form = await FormBody.ReadRequiredAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        var asked = form["returnUrl"].ToString();
        var url = asked.Length > 0 ? asked : context.Request.PathBase.ToUriComponent() + "/";
        return ReturnUrl.IsAllowed(url, [])
            ? (WithoutTold(url), null)
            : (null, Problem.Invalid("returnUrl", "must be a path of this app.", "invalid-return-url"));
    }

    /// <summary>A page that an earlier try was told to is asked for as it was before.</summary>
    private static string WithoutTold(string url)
    {
        var end = url.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? hash : url.Length;
        if (url.IndexOf('?', 0, end) is not (>= 0 and var start))
        {
            return url;
        }

        var query = url[(start + 1)..end]
            .Split('&')
            .Where(p => !p.StartsWith(Told + "=", StringComparison.Ordinal))
            .ToArray();
        return url[..start] + (query.Length == 0 ? "" : "?" + string.Join('&', query)) + url[end..];
    }

    private static IResult Answer(string? returnUrl, CreditBalance balance, int status) =>
        returnUrl is null
            ? Results.Json(CreditStatusAnswer.Of(balance), AnswerJson.Default.CreditStatusAnswer, statusCode: status)
            : new SeeOther(returnUrl);

    /// <summary>A form gets back to its page, which tells why by the code.</summary>
    private static IResult Answer(string? returnUrl, ProblemAnswer problem) =>
        returnUrl is null ? problem : new SeeOther(QueryHelpers.AddQueryString(returnUrl, Told, problem.Code));

    private sealed class SeeOther(string url) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = url;
            httpContext.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }
    }
}
