namespace Sinterklaas.Web.Pages;

[Authorize]
public sealed class TegoedModel(AccountOverviews accounts, IStringLocalizer<Texts> T) : PageModel
{
    /// <summary>null when the ledger does not answer: the page itself can still be shown.</summary>
    public AccountOverview? Account { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        try
        {
            Account = await accounts.ReadAsync(new AccountId(User.UserId()), Languages.Current, NameOf, ct);
        }
        catch (PayPerUseException)
        {
            Account = null;
        }
    }

    private string NameOf(string action) => action == "letter" ? T["Brief"] : T["Boodschap"];
}
