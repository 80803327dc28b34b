namespace Sinterklaas.Web.Pages;

public sealed class IndexModel(GiftShelf shelf) : PageModel
{
    public bool IsSignedIn => User.Identity?.IsAuthenticated == true;

    public GiftForm Form => new();

    public IReadOnlyList<Gift> Gifts { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct)
    {
        if (IsSignedIn)
        {
            Gifts = await shelf.ListAsync(User.UserId(), ct);
        }
    }
}
