using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;

namespace PayPerUse.Http.Endpoints;

/// <summary>Where providers send their messages.</summary>
internal static class WebhookEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapPost("/payments/webhook/{provider}", OfProviderAsync)
            .Describe("ProviderWebhook", "A message of a payment provider")
            .Describe();
        endpoints
            .MapPost("/payments/webhook", BySignatureAsync)
            .Describe("Webhook", "A message of a payment provider, known by its signature header")
            .Describe();
    }

    private static Task<IResult> OfProviderAsync(
        HttpContext context,
        string provider,
        IEnumerable<IPaymentWebhook> webhooks,
        WebhookReception reception,
        IOptions<PayPerUseHttpOptions> options
    ) =>
        ReceiveAsync(
            context,
            webhooks.FirstOrDefault(w => string.Equals(w.ProviderId, provider, StringComparison.Ordinal)),
            reception,
            options.Value.WebhookBodyLimit
        );

    private static Task<IResult> BySignatureAsync(
        HttpContext context,
        IEnumerable<IPaymentWebhook> webhooks,
        WebhookReception reception,
        IOptions<PayPerUseHttpOptions> options
    ) =>
        ReceiveAsync(
            context,
            webhooks.FirstOrDefault(w => context.Request.Headers.ContainsKey(w.SignatureHeader)),
            reception,
            options.Value.WebhookBodyLimit
        );

    private static async Task<IResult> ReceiveAsync(
        HttpContext context,
        IPaymentWebhook? webhook,
        WebhookReception reception,
        int limit
    )
    {
        // The length is told before anything else is: a flood of long bodies costs nothing.
        if (await context.Request.ReadBodyAsync(limit).ConfigureAwait(false) is not { } body)
        {
            return Problem.BodyTooLarge(limit);
        }

        if (webhook is null)
        {
            return Problem.UnknownProvider();
        }

        var headers = context.Request.Headers.ToDictionary(
            h => h.Key,
            h => h.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        return await reception
            .ReceiveAsync(
                webhook,
                new WebhookMessage(headers, body),
                context.Connection.RemoteIpAddress,
                context.RequestAborted
            )
            .ConfigureAwait(false);
    }

    private static void Describe(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status200OK).Problems(400, 413, 429, 503);
}
