using PayPerUse.Notices;

namespace PayPerUse.Receipts;

/// <summary>
/// Issues receipts when money moved. The notice is saved with the payment and given until it succeeds, so that no crash leaves a
/// payment without its receipt.
/// </summary>
/// <param name="receipts">Issues receipts.</param>
internal sealed class ReceiptIssuer(ReceiptService receipts) : ICreditEvents
{
    public Task PaidAsync(PaymentNotice notice, CancellationToken cancellationToken) =>
        receipts.IssueAsync(notice.Payment.Id, cancellationToken);

    public Task RefundedAsync(PaymentNotice notice, CancellationToken cancellationToken) =>
        receipts.IssueAsync(notice.Payment.Id, cancellationToken);
}
