using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace PayPerUse.Http.Endpoints;

/// <summary>Describes the contract's endpoints for OpenAPI.</summary>
internal static class EndpointDescription
{
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

    /// <summary>
    /// Describes a JSON body. Every content type is let through: routing would answer another one with an empty 415, where the
    /// contract says 400.
    /// </summary>
    public static RouteHandlerBuilder TakesJson<T>(this RouteHandlerBuilder endpoint)
        where T : notnull => endpoint.Accepts<T>("application/json", "*/*");

    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint;
    }

    /// <summary>Marks the endpoints of a second mapping.</summary>
    internal sealed class Unnamed;
}
