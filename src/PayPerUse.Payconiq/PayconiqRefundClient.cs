using System.Globalization;
using System.Net;
using PayPerUse.Payconiq.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq;

/// <summary>The refund API 3.0.3 and the reconciliation of refunds 3.0.1, both signed with our own key.</summary>
internal sealed class PayconiqRefundClient(PayconiqChannel channel)
{
    /// <summary>The longest stretch of days that one question may cover.</summary>
    public const int MaxDays = 30;

    // The API knows one size.
    private const int PageSize = 10_000;

    // What these say holds for the refund and not only for this try: the API looks for its key first.
    private static readonly string[] FinalRefusals =
    [
        "VALIDATION_ERROR",
        "PAYMENT_FOR_REFUND_NOT_FOUND",
        "INVALID_REFUND_AMOUNT",
        "REFUND_NOT_ALLOWED",
        "REFUND_NOT_POSSIBLE",
    ];

    /// <summary>Asks for a refund; the same key answers the same refund.</summary>
    /// <exception cref="PaymentProviderException">
    /// Rejected: the API says why there is no refund. Any other refusal (keys, rights, addresses) may follow a try that had its
    /// effect, so it decides nothing.
    /// </exception>
    public async Task<RefundAnswer> CreateAsync(
        string paymentId,
        string idempotencyKey,
        RefundRequest request,
        CancellationToken cancellationToken
    )
    {
        var call = new PayconiqCall(HttpMethod.Post, PathOf(paymentId))
        {
            Json = PayconiqCall.Body(request, PayconiqWire.Default.RefundRequest),
            HasEffect = true,
            IdempotencyKey = idempotencyKey,
            IsSigned = true,
        };
        var reply = await channel.SendAsync(call, cancellationToken).ConfigureAwait(false);
        var code = PayconiqChannel.ErrorOf(reply)?.Code;
        if (code == "REFUND_REQUEST_CONFLICT")
        {
            throw new PaymentProviderException(
                PayconiqDefaults.ProviderId,
                PaymentProviderFailure.Unknown,
                "Payconiq already has another refund under this refund's key; look at the payment in Bancontact's portal."
            );
        }

        PayconiqChannel.Demand(call with { IsRefusalFinal = FinalRefusals.Contains(code) }, reply);
        var answer = PayconiqChannel.Read(call, reply, PayconiqWire.Default.RefundAnswer);
        return answer.RefundId is { Length: > 0 } ? answer : throw PayconiqChannel.Unreadable(call, null);
    }

    /// <summary>Reads a refund; null when the API has none of that id.</summary>
    public async Task<RefundAnswer?> GetAsync(string paymentId, string refundId, CancellationToken cancellationToken)
    {
        var call = new PayconiqCall(HttpMethod.Get, $"{PathOf(paymentId)}/{Uri.EscapeDataString(refundId)}")
        {
            IsSigned = true,
        };
        var reply = await channel.SendAsync(call, cancellationToken).ConfigureAwait(false);
        if (
            reply.Status == HttpStatusCode.NotFound
            && PayconiqChannel.ErrorOf(reply)?.Code is "REFUND_NOT_FOUND" or "PAYMENT_NOT_FOUND"
        )
        {
            return null;
        }

        PayconiqChannel.Demand(call, reply);
        return PayconiqChannel.Read(call, reply, PayconiqWire.Default.RefundAnswer);
    }

    /// <summary>Reads one page of the refunds of some days, both ends included.</summary>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day, at most <see cref="MaxDays"/> later.</param>
    /// <param name="page">From 0.</param>
    /// <param name="issuer">In whose name reconciliation is signed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RefundList> ListAsync(
        DateOnly from,
        DateOnly to,
        int page,
        string issuer,
        CancellationToken cancellationToken
    )
    {
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"start-date={from:yyyy-MM-dd}&end-date={to:yyyy-MM-dd}&page={page}&size={PageSize}"
        );
        var call = new PayconiqCall(HttpMethod.Get, "v3/reconciliation/refunds?" + query)
        {
            IsSigned = true,
            Issuer = issuer,
        };
        var reply = await channel.SendAsync(call, cancellationToken).ConfigureAwait(false);
        PayconiqChannel.Demand(call, reply);
        var list = PayconiqChannel.Read(call, reply, PayconiqWire.Default.RefundList);
        return list.Refunds is not null ? list : throw PayconiqChannel.Unreadable(call, null);
    }

    private static string PathOf(string paymentId) => $"v3/payments/{Uri.EscapeDataString(paymentId)}/refunds";
}
