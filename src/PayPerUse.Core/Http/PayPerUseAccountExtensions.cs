using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PayPerUse.Accounts;
using PayPerUse.Http.Accounts;
using PayPerUse.Http.Guard;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what an account page links to.</summary>
public static class PayPerUseAccountExtensions
{
    /// <summary>
    /// Maps <c>GET</c>: everything that is kept of who asks (<see cref="AccountExport"/>), as a JSON file to download. Errors are those of
    /// the contract: 401, 429, 503.
    /// </summary>
    /// <param name="endpoints">The app, or a group.</param>
    /// <param name="pattern">Its address, such as <c>/account/data</c>.</param>
    /// <param name="fileName">How the file is called.</param>
    public static IEndpointConventionBuilder MapAccountData(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern,
        string fileName = "account.json"
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints
            .MapGet(
                pattern,
                (HttpContext context, AccountExport export) => AccountDataEndpoint.ReadAsync(context, export, fileName)
            )
            .AddEndpointFilter(EndpointGuard.WithAccountAsync)
            .AddEndpointFilter(EndpointGuard.WithOpenAccountAsync)
            .WithSummary("Everything that is kept of an account");
    }
}
