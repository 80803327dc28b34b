namespace Sinterklaas.Web.Pages;

/// <summary>For whoever has the link: without the parents' note, and without a way to anything else that was made.</summary>
public sealed class SharedGiftModel(GiftShelf shelf) : GiftPage(shelf)
{
    public IActionResult OnGet() => Show(new { Gift.Text });

    protected override Task<Gift?> FindAsync(string id, CancellationToken ct)
    {
        Response.KeepLinkSecret();
        return Shelf.FindSharedAsync(id, ct);
    }
}
