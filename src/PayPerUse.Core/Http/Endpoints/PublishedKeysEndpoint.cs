using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;

namespace PayPerUse.Http.Endpoints;

/// <summary>Where a provider fetches the public keys of the requests that we sign.</summary>
internal static class PublishedKeysEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/payments/keys/{provider}", Keys)
            // For a provider, not for those who write a front end.
            .ExcludeFromDescription();

    private static IResult Keys(string provider, IEnumerable<IPublishedKeys> keys) =>
        keys.FirstOrDefault(k => string.Equals(k.ProviderId, provider, StringComparison.Ordinal))?.KeySet is { } set
            ? Results.Text(set, "application/jwk-set+json")
            : Problem.NotFound();
}
