namespace Sinterklaas.Web.Pages;

[Authorize]
public sealed class TegoedModel(AccountOverviews accounts, IStringLocalizer<Texts> T) : PageModel
{
    /// <summary>null when the ledger does not answer: the page itself can still be shown.</summary>
    public AccountOverview? Account { get; private set; }

    public async Task OnGetAsync(CancellationToken ct) =>
        Account = await accounts.TryReadAsync(new AccountId(User.UserId()), Languages.Current, NameOf, ct);

    private string NameOf(string action) => action == "letter" ? T["Brief"] : T["Boodschap"];
}
