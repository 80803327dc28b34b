using System.Security.Claims;

namespace Sinterklaas.Web.Site;

/// <summary>The number in the header, before live events take over.</summary>
public sealed class CreditsLeft(CreditLedger ledger)
{
    /// <summary>The balance; null when the ledger does not answer, since the page itself can still be shown.</summary>
    public async Task<long?> OfAsync(ClaimsPrincipal person, CancellationToken ct)
    {
        try
        {
            return (await ledger.ReadBalanceAsync(new AccountId(person.UserId()), ct)).Balance;
        }
        catch (PayPerUseException)
        {
            return null;
        }
    }
}
