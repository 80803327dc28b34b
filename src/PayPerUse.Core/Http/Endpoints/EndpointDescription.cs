using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace PayPerUse.Http.Endpoints;

/// <summary>Describes the contract's endpoints for OpenAPI.</summary>
internal static class EndpointDescription
{
    private static readonly int[] Always = [401, 403, 429, 503];

    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary)
    {
        // Names are unique in an app; a second MapPayPerUse goes without.
        endpoint.Finally(e =>
        {
            if (e.Metadata.OfType<Unnamed>().Any())
            {
                return;
            }

            e.Metadata.Add(new EndpointNameMetadata("PayPerUse." + name));
        });
        return endpoint.WithSummary(summary);
    }

    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint;
    }

    public static RouteHandlerBuilder AlwaysProblems(this RouteHandlerBuilder endpoint) => endpoint.Problems(Always);

    /// <summary>Marks the endpoints of a second mapping.</summary>
    internal sealed class Unnamed;
}
