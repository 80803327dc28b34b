using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Guard;

/// <summary>What every endpoint asks first, in the contract's order: flood (429), who (401), from where (403).</summary>
internal sealed class RequestGuard(FloodGuard flood, CrossSite crossSite)
{
    /// <summary>Lets a request in, or says why not.</summary>
    /// <returns>The account, and a problem when the request is refused.</returns>
    public async ValueTask<(AccountId Account, ProblemAnswer? Refusal)> EnterAsync(HttpContext context)
    {
        if (!flood.TryPass(context, out var retryAfter))
        {
            return (default, Problem.Flooded(retryAfter));
        }

        var resolver = context.RequestServices.GetRequiredService<IAccountResolver>();
        if (
            await resolver.ResolveAsync(context, context.RequestAborted).ConfigureAwait(false)
            is not { IsDefault: false } account
        )
        {
            return (default, Problem.SignInRequired());
        }

        return (account, crossSite.IsRefused(context.Request) ? Problem.CrossSite() : null);
    }
}
