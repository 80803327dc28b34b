using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using PayPerUse;
using PayPerUse.Credits;
using Sinterklaas.Web.SignIn;

namespace Sinterklaas.Web.Pages;

[Authorize]
public sealed class TegoedModel(CreditLedger ledger, IStringLocalizer<Texts> T) : PageModel
{
    public long? Balance { get; private set; }

    public IReadOnlyList<CreditEntry> Entries { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct)
    {
        var account = new AccountId(User.UserId());
        try
        {
            Balance = (await ledger.ReadBalanceAsync(account, ct)).Balance;

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

    public static string WithSign(long credits) => credits.ToString("+0;−0;0", CultureInfo.InvariantCulture);
}
