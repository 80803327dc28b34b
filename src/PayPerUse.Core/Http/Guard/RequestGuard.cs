using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Http.Accounts;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Guard;

/// <summary>What every endpoint asks first, in the contract's order: flood (429), who (401), from where (403).</summary>
internal sealed class RequestGuard(FloodGuard flood, CrossSite crossSite)
{
    /// <summary>Lets a request in, or says why not.</summary>
    /// <returns>The account, and a problem when the request is refused.</returns>
    public async ValueTask<(AccountId Account, ProblemAnswer? Refusal)> EnterAsync(HttpContext context)
    {
        var owner = ClaimAccountResolver.OwnerOf(context.User);
        if (RefuseFlood(context, owner) is { } flooded)
        {
            return (default, flooded);
        }

        var resolver = context.RequestServices.GetRequiredService<IAccountResolver>();
        var resolved = resolver is ClaimAccountResolver claims
            ? claims.Resolve(context.User, owner)
            : await resolver.ResolveAsync(context, context.RequestAborted).ConfigureAwait(false);
        if (resolved is not { IsDefault: false } account)
        {
            return (default, Problem.SignInRequired());
        }

        return (account, RefuseOrigin(context));
    }

    /// <summary>Lets anybody in who comes from the app's own pages and is no flood.</summary>
    public ProblemAnswer? Refuse(HttpContext context) => RefuseFlood(context) ?? RefuseOrigin(context);

    public ProblemAnswer? RefuseFlood(HttpContext context) =>
        RefuseFlood(context, ClaimAccountResolver.OwnerOf(context.User));

    private ProblemAnswer? RefuseFlood(HttpContext context, string? owner) =>
        flood.TryPass(context, owner, out var retryAfter) ? null : Problem.Flooded(retryAfter);

    public ProblemAnswer? RefuseOrigin(HttpContext context) =>
        crossSite.IsRefused(context.Request) ? Problem.CrossSite() : null;
}
