using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;
using Stripe;
using Stripe.Checkout;

namespace PayPerUse.Stripe;

/// <summary>The calls about Checkout Sessions.</summary>
internal sealed class StripeCheckoutClient(StripeTransport transport)
{
    /// <summary>How many pages of 100 sessions a search reads.</summary>
    public const int MaxPages = 20;

    private readonly SessionService _sessions = new(transport.Client);

    /// <summary>Creates a session, or answers the one that the same key made before.</summary>
    public Task<Session> CreateAsync(
        SessionCreateOptions create,
        string idempotencyKey,
        CancellationToken cancellationToken
    ) =>
        transport.SendAsync(
            StripeCall.CreateSession,
            token => _sessions.CreateAsync(create, new RequestOptions { IdempotencyKey = idempotencyKey }, token),
            cancellationToken
        );

    /// <summary>Reads a session with its payment and refunds; null when Stripe has none of that id.</summary>
    public Task<Session?> GetAsync(string id, CancellationToken cancellationToken) =>
        transport.FindAsync(
            StripeCall.ReadSession,
            token => _sessions.GetAsync(id, Expanded(), null, token),
            cancellationToken
        );

    /// <summary>Ends a session that is open. One that is not is left alone.</summary>
    public async Task ExpireAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await transport
                .SendAsync(
                    StripeCall.ExpireSession,
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
            var answer = await transport
                .SendAsync(StripeCall.ListSessions, token => _sessions.ListAsync(list, null, token), cancellationToken)
                .ConfigureAwait(false);
            var found = answer.Data.FirstOrDefault(s =>
                string.Equals(SessionRequest.ReferenceOf(s), reference, StringComparison.Ordinal)
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

    /// <summary>The charge says what of the money went back.</summary>
    private static SessionGetOptions Expanded() => new() { Expand = ["payment_intent.latest_charge.refunds"] };
}
