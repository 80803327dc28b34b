using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;
using Stripe;

namespace PayPerUse.Stripe.Wire;

/// <summary>How calls reach Stripe: through its SDK, without global state, telemetry or retries of its own, and our pipeline.</summary>
internal sealed class StripeTransport
{
    /// <summary>The name of the HTTP client, for adopters who must configure a proxy.</summary>
    public const string HttpClientName = "PayPerUse.Stripe";

    private readonly StripePipeline _pipeline;

    public StripeTransport(IHttpClientFactory clients, StripePipeline pipeline, IOptions<StripeOptions> options)
    {
        _pipeline = pipeline;
        Client = new StripeClient(
            new StripeClientOptions
            {
                ApiKey = options.Value.ApiKey,
                ApiBase = options.Value.EffectiveApiBase.AbsoluteUri.TrimEnd('/'),
                HttpClient = new SystemNetHttpClient(
                    clients.CreateClient(HttpClientName),
                    maxNetworkRetries: 0,
                    enableTelemetry: false
                ),
            }
        );
    }

    /// <summary>The SDK's client.</summary>
    public StripeClient Client { get; }

    /// <summary>Sends a call, again on passing failures.</summary>
    /// <exception cref="PaymentProviderException">It failed.</exception>
    public async Task<T> SendAsync<T>(
        StripeCall call,
        Func<CancellationToken, Task<T>> send,
        CancellationToken cancellationToken
    )
    {
        var mayHaveHappened = false;
        try
        {
            return await _pipeline
                .Repeated.ExecuteAsync(
                    async token =>
                    {
                        try
                        {
                            return await send(token).ConfigureAwait(false);
                        }
                        catch (Exception e)
                        {
                            // The time-outs of the pipeline show up as cancellations in here: sent, as far as we know.
                            mayHaveHappened |= StripeFailures.MayHaveHappened(e);
                            token.ThrowIfCancellationRequested();
                            throw;
                        }
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (Exception e) when (StripeFailures.ToOurs(e, call, call.HasEffect && mayHaveHappened) is { } ours)
        {
            throw ours;
        }
    }

    /// <summary>Sends a question about one object; null when Stripe has none of that id.</summary>
    /// <exception cref="PaymentProviderException">It failed.</exception>
    public async Task<T?> FindAsync<T>(
        StripeCall call,
        Func<CancellationToken, Task<T>> send,
        CancellationToken cancellationToken
    )
        where T : class =>
        await SendAsync<T?>(
                call,
                async token =>
                {
                    try
                    {
                        return await send(token).ConfigureAwait(false);
                    }
                    catch (StripeException e)
                        when (e.HttpStatusCode == HttpStatusCode.NotFound && e.StripeError?.Code == "resource_missing")
                    {
                        return null;
                    }
                },
                cancellationToken
            )
            .ConfigureAwait(false);

    /// <summary>Reads a path without the SDK's types, for answers that may be of another API version than the SDK's.</summary>
    /// <exception cref="PaymentProviderException">It failed.</exception>
    public async Task<(JsonDocument Body, DateTimeOffset? Date)> ReadAsync(
        StripeCall call,
        string pathAndQuery,
        CancellationToken cancellationToken
    ) =>
        await SendAsync(
                call,
                async token =>
                {
                    var answer = await Client
                        .RawRequestAsync(HttpMethod.Get, pathAndQuery, null, null, token)
                        .ConfigureAwait(false);
                    try
                    {
                        return (JsonDocument.Parse(answer.Content), answer.Date);
                    }
                    catch (JsonException e)
                    {
                        throw new StripeException(answer.StatusCode, null, e.Message) { StripeResponse = answer };
                    }
                },
                cancellationToken
            )
            .ConfigureAwait(false);
}
