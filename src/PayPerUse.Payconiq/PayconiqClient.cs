using System.Net;
using PayPerUse.Payconiq.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq;

/// <summary>The merchant payments API v3: create, get, cancel, search. Turns every failure into what it means for an order.</summary>
internal sealed class PayconiqClient(PayconiqChannel channel)
{
    // With our own reference a search finds one payment; the bound is for a service that would ignore it.
    private const int MaxPages = 20;

    /// <summary>Creates a payment. Sent at most once: the API has no idempotency key for it.</summary>
    public async Task<PaymentAnswer> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        var call = new PayconiqCall(HttpMethod.Post, "v3/payments")
        {
            Json = PayconiqCall.Body(request, PayconiqWire.Default.CreateRequest),
            HasEffect = true,
            IsRepeatable = false,
        };
        var reply = await channel.SendAsync(call, cancellationToken).ConfigureAwait(false);
        PayconiqChannel.Demand(call, reply);
        var answer = PayconiqChannel.Read(call, reply, PayconiqWire.Default.PaymentAnswer);
        return answer.PaymentId is { Length: > 0 } ? answer : throw PayconiqChannel.Unreadable(call, null);
    }

    /// <summary>Reads a payment; null when the API has none of that id.</summary>
    public async Task<PaymentAnswer?> GetAsync(string paymentId, CancellationToken cancellationToken)
    {
        var call = new PayconiqCall(HttpMethod.Get, "v3/payments/" + Uri.EscapeDataString(paymentId));
        var reply = await channel.SendAsync(call, cancellationToken).ConfigureAwait(false);

        // Only the API's own word counts: the 404 of a wrong address must not end payments.
        if (reply.Status == HttpStatusCode.NotFound && PayconiqChannel.ErrorOf(reply)?.Code == "PAYMENT_NOT_FOUND")
        {
            return null;
        }

        PayconiqChannel.Demand(call, reply);
        return PayconiqChannel.Read(call, reply, PayconiqWire.Default.PaymentAnswer);
    }

    /// <summary>Cancels a payment. One that is no longer pending is left alone.</summary>
    public async Task CancelAsync(string paymentId, CancellationToken cancellationToken)
    {
        var call = new PayconiqCall(HttpMethod.Delete, "v3/payments/" + Uri.EscapeDataString(paymentId))
        {
            HasEffect = true,
        };
        var reply = await channel.SendAsync(call, cancellationToken).ConfigureAwait(false);
        if (
            PayconiqChannel.ErrorOf(reply)?.Code is not ("PAYMENT_NOT_PENDING" or "PAYMENT_NOT_FOUND")
            || reply.IsSuccess
        )
        {
            PayconiqChannel.Demand(call, reply);
        }
    }

    /// <summary>Finds the payments with our reference, newest first.</summary>
    public async Task<IReadOnlyList<PaymentAnswer>> SearchAsync(
        string reference,
        DateTimeOffset from,
        CancellationToken cancellationToken
    )
    {
        var json = PayconiqCall.Body(
            new SearchRequest { From = PayconiqTime.Write(from), Reference = reference },
            PayconiqWire.Default.SearchRequest
        );
        var found = new List<PaymentAnswer>();
        for (var page = 0; page < MaxPages; page++)
        {
            var call = new PayconiqCall(HttpMethod.Post, $"v3/payments/search?page={page}&size=50") { Json = json };
            var reply = await channel.SendAsync(call, cancellationToken).ConfigureAwait(false);
            PayconiqChannel.Demand(call, reply);
            var answer = PayconiqChannel.Read(call, reply, PayconiqWire.Default.SearchAnswer);
            var details = answer.Details ?? throw PayconiqChannel.Unreadable(call, null);
            found.AddRange(details.Where(p => string.Equals(p.Reference, reference, StringComparison.Ordinal)));
            if (details.Count == 0 || page + 1 >= (answer.TotalPages ?? 1))
            {
                return found;
            }
        }

        throw new PaymentProviderException(
            PayconiqDefaults.ProviderId,
            PaymentProviderFailure.Unavailable,
            $"Payconiq has more than {MaxPages} pages of payments for one reference, so the search cannot decide."
        );
    }
}
