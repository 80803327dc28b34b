using PayPerUse.Notices;

namespace Sinterklaas.Web.Mails;

/// <summary>What a customer must be able to keep: the receipt with what was agreed to, and that a withdrawal has arrived.</summary>
public sealed class PaymentMails(
    IMailSender mails,
    SignInUsers users,
    CreditLedger ledger,
    ReceiptTexts receipts,
    IPublicAddresses addresses,
    IStringLocalizer<Texts> T
) : ICreditEvents
{
    public Task PaidAsync(PaymentNotice notice, CancellationToken cancellationToken) =>
        SendAsync(notice.Payment, T["Je betaling bij Sinterklaas"], cancellationToken);

    public Task RefundedAsync(PaymentNotice notice, CancellationToken cancellationToken) =>
        SendAsync(notice.Payment, T["Je terugbetaling bij Sinterklaas"], cancellationToken);

    private async Task SendAsync(Payment payment, string subject, CancellationToken ct)
    {
        // Guests have no address: they keep a copy of the page.
        var account = await ledger.FindCurrentAsync(payment.Account, ct);
        if (await users.FindAsync(account.Owner, ct) is { } user)
        {
            var receipt = await receipts.WriteAsync(payment, ct);
            var withdraw = T["Herroep hier je aankoop: {0}", addresses.Of("/herroepen")];
            var text = $"{T["Dag!"]}\n\n{receipt}\n\n{withdraw}\n\n{T["het postkantoor van Sinterklaas"]}";
            await mails.SendAsync(new Mail(user.Email, subject, text), ct);
        }
    }
}
