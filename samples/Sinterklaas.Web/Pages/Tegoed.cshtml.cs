using System.Globalization;

namespace Sinterklaas.Web.Pages;

[Authorize]
public sealed class TegoedModel(
    CreditLedger ledger,
    AccountPayments payments,
    WithdrawalService withdrawals,
    ReceiptService receipts,
    IStringLocalizer<Texts> T
) : PageModel
{
    public long? Balance { get; private set; }

    public DateTimeOffset? NextExpiry { get; private set; }

    public IReadOnlyList<CreditEntry> Entries { get; private set; } = [];

    public IReadOnlyList<Payment> Payments { get; private set; } = [];

    public bool HasReceipts => receipts.IsOn;

    /// <summary>As long as the time runs, whatever is left: what would come back is told on the next page.</summary>
    public bool CanWithdraw { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        var account = new AccountId(User.UserId());
        try
        {
            var balance = await ledger.ReadBalanceAsync(account, ct);
            (Balance, NextExpiry) = (balance.Balance, balance.NextExpiry);
            Payments = await payments.ListAsync(account, 100, ct);
            foreach (var payment in Payments)
            {
                CanWithdraw |= await withdrawals.QuoteAsync(payment, ct) is { IsInTime: true };
            }

            // A commit that takes all of its reservation changes nothing that a visitor would look for.
            Entries =
            [
                .. (await ledger.ReadHistoryAsync(account, limit: 100, cancellationToken: ct)).Where(e =>
                    e.Credits != 0
                ),
            ];
        }
        catch (PayPerUseException)
        {
            Balance = null;
        }
    }

    public string Describe(CreditEntry entry) =>
        (entry.Kind, entry.Action) switch
        {
            (CreditEntryKind.Grant, _) => T["Betaald"],
            (CreditEntryKind.MergeIn or CreditEntryKind.MergeDebt, _) => T["Meegenomen"],
            (CreditEntryKind.Revoke, _) => T["Terugbetaald"],
            (CreditEntryKind.Restore, _) => T["Hersteld"],
            (CreditEntryKind.Expire, _) => T["Vervallen"],
            (CreditEntryKind.Release or CreditEntryKind.Lapse, _) => T["Teruggekregen"],
            (_, "letter") => T["Brief"],
            (_, "audio") => T["Boodschap"],
            _ => T["Gebruikt"],
        };

    public string Describe(PaymentStatus status) =>
        status switch
        {
            PaymentStatus.Paid => T["Betaald"],
            PaymentStatus.Refunded => T["Terugbetaald"],
            PaymentStatus.Pending or PaymentStatus.Processing => T["nog niet betaald"],
            PaymentStatus.Review or PaymentStatus.Disputed => T["we kijken dit na"],
            _ => T["niet doorgegaan"],
        };

    public static string WithSign(long credits) => credits.ToString("+0;−0;0", CultureInfo.InvariantCulture);
}
