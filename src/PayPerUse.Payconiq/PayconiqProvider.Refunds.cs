using PayPerUse.Payconiq.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq;

/// <summary>Refunds, which need our own signing key.</summary>
internal sealed partial class PayconiqProvider : IRefundProvider
{
    // Reconciliation lists a refund once its money moved, which may take a working day or two; before that, its absence says nothing.
    private static readonly TimeSpan ListedAfter = TimeSpan.FromDays(2);

    // One question covers 30 days; a refund of before those is not found by asking.
    private static readonly TimeSpan ListedFor = TimeSpan.FromDays(28);

    /// <summary>
    /// How long the API keeps our keys is not told; repeating after a time-out is what they are for. Later ones are looked for.
    /// </summary>
    public TimeSpan RefundKeyTime => TimeSpan.FromHours(4);

    public string? RefuseRefund(Payment payment, Money amount)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return !signer.CanSign
                ? "Refunds through Payconiq need Payconiq:SigningKey. Without it: refund in Bancontact's portal, and record it with 'payments record-refund'."
            : payment.ProviderPaymentId is null
                ? "Payconiq's id of this payment is not known, so it cannot be refunded."
            : amount.Currency != "EUR" ? $"Payconiq refunds EUR only, not {amount.Currency}."
            : null;
    }

    public async Task<ProviderRefund> StartRefundAsync(
        Payment payment,
        PaymentRefund refund,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(payment);
        ArgumentNullException.ThrowIfNull(refund);
        if (!signer.CanSign)
        {
            // It was asked for while there was a key: an earlier try may have had its effect.
            throw new PaymentProviderException(
                Id,
                PaymentProviderFailure.Unavailable,
                "A Payconiq refund waits for Payconiq:SigningKey, which is missing now."
            );
        }

        var answer = await refunds
            .CreateAsync(
                payment.ProviderPaymentId!,
                refund.Id,
                new RefundRequest
                {
                    Amount = refund.Amount.Amount,
                    Currency = refund.Amount.Currency,
                    Description = refund.Id,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return ToRefund(answer, refund.Id);
    }

    public async Task<ProviderRefund?> FindRefundAsync(
        Payment payment,
        PaymentRefund refund,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(payment);
        ArgumentNullException.ThrowIfNull(refund);
        if (!signer.CanSign)
        {
            throw CannotTell("Payconiq:SigningKey is missing");
        }

        if (refund.ProviderRefundId is { } id)
        {
            var answer = await refunds
                .GetAsync(payment.ProviderPaymentId!, id, cancellationToken)
                .ConfigureAwait(false);
            return answer is null ? null : ToRefund(answer, reference: null);
        }

        var age = clock.GetUtcNow() - refund.At;
        var from = DayOf(refund.At).AddDays(-1);
        var listed =
            age <= ListedFor
                ? await FindListedAsync(payment, refund, from, cancellationToken).ConfigureAwait(false)
                : null;
        return listed
            ?? (
                age > ListedAfter && age <= ListedFor ? null
                : age <= ListedAfter ? throw CannotTell("it may not be listed yet")
                : throw CannotTell("it is too old to be listed")
            );
    }

    private async Task<ProviderRefund?> FindListedAsync(
        Payment payment,
        PaymentRefund refund,
        DateOnly from,
        CancellationToken cancellationToken
    )
    {
        var to = Today.AddDays(1);
        for (var page = 0; ; page++)
        {
            var list = await refunds
                .ListAsync(from, to < from.AddDays(30) ? to : from.AddDays(30), page, Issuer, cancellationToken)
                .ConfigureAwait(false);
            var found = list.Refunds!.FirstOrDefault(r =>
                r.PaymentId == payment.ProviderPaymentId && r.Description == refund.Id
            );
            if (found is not null)
            {
                return ToRefund(found);
            }

            if (page + 1 >= (list.TotalPages ?? 1))
            {
                return null;
            }
        }
    }

    private string Issuer => options.Value.MerchantId ?? PayconiqCall.RequestIssuer;

    private DateOnly Today => DayOf(clock.GetUtcNow());

    private static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    private ProviderRefund ToRefund(RefundAnswer answer, string? reference) =>
        answer is { RefundId: { Length: > 0 } id, Status: { } status, Amount: > 0 and var amount }
        && (answer.Currency ?? "EUR") is { Length: 3 } currency
        && currency.All(char.IsAsciiLetterUpper)
            ? new ProviderRefund
            {
                ProviderRefundId = id,
                Status = ToRefundStatus(status, id),
                Amount = new Money(amount, currency),
                Reference = reference,
            }
            : throw new PaymentProviderException(
                Id,
                PaymentProviderFailure.Unknown,
                "Payconiq told of a refund without id, status or amount."
            );

    private PaymentRefundStatus ToRefundStatus(string status, string id)
    {
        switch (status)
        {
            case "PENDING":
                return PaymentRefundStatus.Pending;
            case "REFUNDED":
                return PaymentRefundStatus.Succeeded;
            case "FAILED":
                return PaymentRefundStatus.Failed;
            default:
                PayconiqLog.UnknownRefundStatus(logger, PayconiqText.Quote(id), PayconiqText.Quote(status));
                return PaymentRefundStatus.Pending;
        }
    }

    private PaymentProviderException CannotTell(string why) =>
        new(Id, PaymentProviderFailure.Unavailable, $"Whether Payconiq has this refund cannot be told: {why}.");
}
