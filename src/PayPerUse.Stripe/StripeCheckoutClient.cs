using System.Net;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;
using Stripe;
using Stripe.Checkout;

namespace PayPerUse.Stripe;

/// <summary>The calls about Checkout Sessions, on Stripe's SDK: no global state, no telemetry, no retries of its own.</summary>
internal sealed class StripeCheckoutClient
{
    /// <summary>The name of the HTTP client, for adopters who must configure a proxy.</summary>
    public const string HttpClientName = "PayPerUse.Stripe";

    /// <summary>How many pages of 100 sessions a search reads.</summary>
    public const int MaxPages = 20;

    private readonly SessionService _sessions;
    private readonly StripePipeline _pipeline;

    public StripeCheckoutClient(IHttpClientFactory clients, StripePipeline pipeline, IOptions<StripeOptions> options)
    {
        _pipeline = pipeline;
        _sessions = new SessionService(
            new StripeClient(
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
            )
        );
    }

    /// <summary>Creates a session, or answers the one that the same key made before.</summary>
    public Task<Session> CreateAsync(
        SessionCreateOptions create,
        string idempotencyKey,
        CancellationToken cancellationToken
    ) =>
        SendAsync(
            "create a Checkout Session",
            true,
            token => _sessions.CreateAsync(create, new RequestOptions { IdempotencyKey = idempotencyKey }, token),
            cancellationToken
        );

    /// <summary>Reads a session with its payment; null when Stripe has none of that id.</summary>
    public async Task<Session?> GetAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(
                    "read a Checkout Session",
                    false,
                    token => _sessions.GetAsync(id, Expanded(), null, token),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (MissingException)
        {
            return null;
        }
    }

    /// <summary>Ends a session that is open. One that is not is left alone.</summary>
    public async Task ExpireAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(
                    "expire a Checkout Session",
                    true,
                    token => _sessions.ExpireAsync(id, null, null, token),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (PaymentProviderException e) when (e.Failure == PaymentProviderFailure.Rejected)
        {
            // Stripe has no code of its own for "is not open": what matters is whether it is still open.
            if (await GetAsync(id, cancellationToken).ConfigureAwait(false) is { Status: "open" })
            {
                throw;
            }
        }
    }

    /// <summary>
    /// Finds the session with our reference among those made in a time: Stripe cannot search by reference, so pages are read,
    /// newest first, within a bound.
    /// </summary>
    public async Task<Session?> FindAsync(
        string reference,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var list = new SessionListOptions
        {
            Limit = 100,
            Created = new DateRangeOptions { GreaterThanOrEqual = from.UtcDateTime, LessThanOrEqual = to.UtcDateTime },
        };
        for (var page = 0; page < MaxPages; page++)
        {
            var answer = await SendAsync(
                    "list Checkout Sessions",
                    false,
                    token => _sessions.ListAsync(list, null, token),
                    cancellationToken
                )
                .ConfigureAwait(false);
            var found = answer.Data.FirstOrDefault(s =>
                string.Equals(s.ClientReferenceId, reference, StringComparison.Ordinal)
            );
            if (found is not null)
            {
                // Once more, with its payment.
                return await GetAsync(found.Id, cancellationToken).ConfigureAwait(false);
            }

            if (!answer.HasMore || answer.Data.Count == 0)
            {
                return null;
            }

            list.StartingAfter = answer.Data[^1].Id;
        }

        throw new PaymentProviderException(
            StripeDefaults.ProviderId,
            PaymentProviderFailure.Unavailable,
            $"Stripe has more than {MaxPages * 100} sessions from around the order's time, so the search cannot decide."
        );
    }

    private static SessionGetOptions Expanded() => new() { Expand = ["payment_intent.latest_charge"] };

    private async Task<T> SendAsync<T>(
        string call,
        bool hasEffect,
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
        catch (StripeException e)
            when (!hasEffect && e.HttpStatusCode == HttpStatusCode.NotFound && e.StripeError?.Code == "resource_missing"
            )
        {
            throw new MissingException();
        }
        catch (Exception e) when (StripeFailures.ToOurs(e, call, hasEffect && mayHaveHappened) is { } ours)
        {
            throw ours;
        }
    }

    private sealed class MissingException : Exception;
}
