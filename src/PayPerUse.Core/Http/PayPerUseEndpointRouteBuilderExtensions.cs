using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Http;
using PayPerUse.Http.Endpoints;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Guests;
using PayPerUse.Http.Paywall;
using PayPerUse.Http.Receipts;
using PayPerUse.Http.Return;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP contract of PayPerUse.</summary>
public static class PayPerUseEndpointRouteBuilderExtensions
{
    // An app's fallback policy would answer with its login page; these endpoints answer 401 themselves. What the app asks of
    // them by RequireAuthorization still holds beside it.
    private static readonly AuthorizationPolicy Ours = new AuthorizationPolicyBuilder()
        .RequireAssertion(_ => true)
        .Build();

    /// <summary>
    /// Maps <c>/credits/*</c> and <c>/payments/*</c>. They answer 401, 403 and every other error as
    /// <c>application/problem+json</c>, whatever the app does for its pages.
    /// </summary>
    /// <param name="endpoints">The app, or a group.</param>
    /// <param name="prefix">Goes before every address, links included; such as <c>/api</c>. A route parameter is not allowed.</param>
    /// <returns>
    /// All of them together, for conventions such as <c>RequireHost</c> or <c>RequireAuthorization</c>. Webhooks, the
    /// return page and the script of the paywall stay open to anonymous callers.
    /// </returns>
    public static IEndpointConventionBuilder MapPayPerUse(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        if (endpoints.ServiceProvider.GetService<PayPerUseRoutes>() is not { } routes)
        {
            throw new InvalidOperationException("MapPayPerUse needs builder.Services.AddPayPerUse().");
        }

        if (prefix.Contains('{', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                "The prefix must not have a route parameter; links are made of it.",
                nameof(prefix)
            );
        }

        var all = endpoints.MapGroup(prefix.Trim('/')).WithTags("PayPerUse").WithMetadata(new KeptByPayPerUse());
        if (!routes.TryName())
        {
            all.WithMetadata(new EndpointDescription.Unnamed());
        }

        var accounts = all.MapGroup("").AddEndpointFilter(EndpointGuard.WithAccountAsync).WithMetadata(Ours);
        foreach (var status in new[] { 401, 403, 429, 503 })
        {
            accounts.ProducesProblem(status);
        }

        CreditEndpoints.Map(accounts);
        PaymentEndpoints.Map(accounts);
        QrEndpoints.Map(accounts);
        ReceiptEndpoint.Map(accounts);
        WithdrawalEndpoints.Map(accounts);
        PaymentListEndpoint.Map(accounts);

        var open = all.MapGroup("").AddEndpointFilter(EndpointGuard.WithFailuresAsync).AllowAnonymous();
        WebhookEndpoints.Map(open);
        ReturnPageEndpoint.Map(open);
        PublishedKeysEndpoint.Map(open);
        PaywallEndpoint.Map(open);
        if (endpoints.ServiceProvider.GetService<GuestWallets>() is not null)
        {
            GuestEndpoints.Map(open);
        }

        return all;
    }
}
