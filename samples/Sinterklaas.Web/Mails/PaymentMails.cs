using PayPerUse.Notices;

namespace Sinterklaas.Web.Mails;

/// <summary>What a customer must be able to keep: the receipt with what was agreed to, and that a withdrawal has arrived.</summary>
public sealed class PaymentMails(
    IMailSender mails,
    SignInUsers users,
    CreditLedger ledger,
    ReceiptService receipts,
    IPaymentAddresses addresses,
    IStringLocalizer<Texts> T
) : ICreditEvents
{
    public Task PaidAsync(PaymentNotice notice, CancellationToken cancellationToken) =>
        SendAsync(notice.Payment, T["Je betaling bij Sinterklaas"], [], cancellationToken);

    public async Task RefundedAsync(PaymentNotice notice, CancellationToken cancellationToken)
    {
        var news = WithdrawalService
            .Of(notice.Payment)
            .Select(w =>
                T[
                    "Je herroeping kwam aan op {0:dd-MM-yyyy HH:mm:ss} UTC. We betalen {1} terug.",
                    w.At.UtcDateTime,
                    Local.Price(w.Amount)
                ].Value
            );
        await SendAsync(notice.Payment, T["Je terugbetaling bij Sinterklaas"], news, cancellationToken);
    }

    private async Task SendAsync(Payment payment, string subject, IEnumerable<string> news, CancellationToken ct)
    {
        // Guests have no address: they keep a copy of the page.
        var account = await ledger.FindCurrentAsync(payment.Account, ct);
        if (await users.FindAsync(account.Owner, ct) is not { } user)
        {
            return;
        }

        string[] lines =
        [
            T["Dag!"],
            .. news,
            $"{payment.Description}: {Local.Price(payment.Price)}",
            .. (await receipts.IssueAsync(payment.Id, ct)).Select(TextOf),
            .. payment is { ConsentText: { } agreed, ConsentedAt: { } at }
                ? [T["Op {0:dd-MM-yyyy HH:mm:ss} UTC ging je akkoord: {1}", at.UtcDateTime, agreed].Value]
                : Array.Empty<string>(),
            new Uri(addresses.ReturnPage(payment.Id), "receipt").AbsoluteUri,
            T["het postkantoor van Sinterklaas"],
        ];
        await mails.SendAsync(new Mail(user.Email, subject, string.Join("\n\n", lines)), ct);
    }

    private static string TextOf(Receipt receipt) =>
        $"{receipt.Number}: {(receipt.Kind == ReceiptKind.CreditNote ? "−" : "")}{Local.Price(receipt.Amount)}"
        + $" ({receipt.Seller.Name}, {receipt.Seller.EnterpriseNumber}{(receipt.VatRate is { } rate ? $", {rate:0.##} %: {Local.Price(new Money(receipt.Vat, receipt.Amount.Currency))}" : "")})";
}
