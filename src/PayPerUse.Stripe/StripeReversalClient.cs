using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;
using Stripe;

namespace PayPerUse.Stripe;

/// <summary>The calls about money that goes back: refunds, disputes, and the events that tell of them.</summary>
internal sealed class StripeReversalClient(StripeTransport transport)
{
    // Stripe lists at most this many at a time; a payment has at most a handful of either.
    private const int PageSize = 100;
    private const int MaxPages = 20;

    private readonly RefundService _refunds = new(transport.Client);
    private readonly DisputeService _disputes = new(transport.Client);

    /// <summary>Creates a refund, or answers the one that the same key made before.</summary>
    public Task<Refund> CreateRefundAsync(
        RefundCreateOptions create,
        string idempotencyKey,
        CancellationToken cancellationToken
    ) =>
        transport.SendAsync(
            StripeCall.CreateRefund,
            token => _refunds.CreateAsync(create, new RequestOptions { IdempotencyKey = idempotencyKey }, token),
            cancellationToken
        );

    /// <summary>Reads a refund; null when Stripe has none of that id.</summary>
    public Task<Refund?> FindRefundAsync(string id, CancellationToken cancellationToken) =>
        transport.FindAsync(
            StripeCall.FindRefund,
            token => _refunds.GetAsync(id, null, null, token),
            cancellationToken
        );

    /// <summary>Reads all refunds of a payment.</summary>
    public Task<IReadOnlyList<Refund>> ListRefundsAsync(
        string paymentIntent,
        StripeCall call,
        CancellationToken cancellationToken
    ) =>
        ListAsync(
            call,
            new RefundListOptions { PaymentIntent = paymentIntent, Limit = PageSize },
            (list, token) => _refunds.ListAsync(list, null, token),
            cancellationToken
        );

    /// <summary>Reads all disputes of a payment.</summary>
    public Task<IReadOnlyList<Dispute>> ListDisputesAsync(string paymentIntent, CancellationToken cancellationToken) =>
        ListAsync(
            StripeCall.ListDisputes,
            new DisputeListOptions { PaymentIntent = paymentIntent, Limit = PageSize },
            (list, token) => _disputes.ListAsync(list, null, token),
            cancellationToken
        );

    /// <summary>
    /// Reads a page of the events about money that goes back, newest first. They are kept in the account's own API version, not
    /// the SDK's, so only the few fields are read that are the same in all.
    /// </summary>
    /// <param name="from">Since when, by Stripe's clock.</param>
    /// <param name="after">The last event of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<EventPage> ListEventsAsync(
        DateTimeOffset from,
        string? after,
        CancellationToken cancellationToken
    )
    {
        var (body, date) = await transport
            .ReadAsync(StripeCall.ListEvents, EventPage.PathOf(from, after, PageSize), cancellationToken)
            .ConfigureAwait(false);
        using (body)
        {
            return EventPage.Read(body.RootElement, date);
        }
    }

    private async Task<IReadOnlyList<T>> ListAsync<T, TOptions>(
        StripeCall call,
        TOptions list,
        Func<TOptions, CancellationToken, Task<StripeList<T>>> send,
        CancellationToken cancellationToken
    )
        where T : IHasId
        where TOptions : ListOptions
    {
        var all = new List<T>();
        for (var page = 0; page < MaxPages; page++)
        {
            var answer = await transport
                .SendAsync(call, token => send(list, token), cancellationToken)
                .ConfigureAwait(false);
            all.AddRange(answer.Data);
            if (!answer.HasMore || answer.Data.Count == 0)
            {
                return all;
            }

            list.StartingAfter = answer.Data[^1].Id;
        }

        throw new PaymentProviderException(
            StripeDefaults.ProviderId,
            PaymentProviderFailure.Unavailable,
            $"Stripe lists more than {MaxPages * PageSize} entries for one payment ({call.Name})."
        );
    }
}
