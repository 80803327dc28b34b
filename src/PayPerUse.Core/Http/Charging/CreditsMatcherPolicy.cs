using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.Extensions.Options;

namespace PayPerUse.Http.Charging;

/// <summary>Wraps the delegate of every matched endpoint that requires credits, or looks at requests first.</summary>
/// <remarks>
/// A convention that wraps delegates would be lost on Razor Pages: their endpoints are made anew when a page is first loaded,
/// and only metadata survives. So endpoints carry metadata, and the wrapping happens after everything else has decided which
/// endpoint runs. It holds alike for minimal APIs, controllers, pages and groups.
/// </remarks>
internal sealed class CreditsMatcherPolicy(CreditGate gate, IOptions<PayPerUseOptions> options)
    : MatcherPolicy,
        IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _wrapped = [];

    /// <summary>After pages are loaded and dynamic endpoints are chosen.</summary>
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(MayRequireCredits);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i))
            {
                ref var candidate = ref candidates[i];
                if (!_wrapped.TryGetValue(candidate.Endpoint, out var wrapped))
                {
                    wrapped = _wrapped.GetValue(candidate.Endpoint, Wrap);
                }

                if (wrapped != candidate.Endpoint)
                {
                    candidates.ReplaceEndpoint(i, wrapped, candidate.Values);
                }
            }
        }

        return Task.CompletedTask;
    }

    // A page's own attributes are only known once it is loaded.
    private static bool MayRequireCredits(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<RequireCreditsAttribute>() is not null
        || endpoint.Metadata.GetMetadata<FirstCheck>() is not null
        || endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null
        || endpoint.Metadata.GetMetadata<IDynamicEndpointMetadata>() is { IsDynamic: true };

    private Endpoint Wrap(Endpoint endpoint)
    {
        if (endpoint.RequestDelegate is not { } next)
        {
            return endpoint;
        }

        var checks = endpoint.Metadata.GetOrderedMetadata<FirstCheck>();
        RequestDelegate? run =
            CreditRequirement.Of(endpoint, options.Value) is { } required
                ? context => gate.RunAsync(context, next, required)
            : checks.Count > 0 ? context => CheckAsync(context, next, checks)
            : null;
        return run is null ? endpoint
            : endpoint is RouteEndpoint route
                ? new RouteEndpoint(run, route.RoutePattern, route.Order, route.Metadata, route.DisplayName)
            : new Endpoint(run, endpoint.Metadata, endpoint.DisplayName);
    }

    // What is given away is checked like what is sold.
    private static async Task CheckAsync(HttpContext context, RequestDelegate next, IReadOnlyList<FirstCheck> checks)
    {
        var refusal = await FirstCheck.RunAsync(checks, context).ConfigureAwait(false);
        await (refusal?.ExecuteAsync(context) ?? next(context)).ConfigureAwait(false);
    }
}
