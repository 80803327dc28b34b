using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Gifts;
using Sinterklaas.Web.SignIn;
using Sinterklaas.Web.Site;

namespace Sinterklaas.Web.Pages;

[Authorize]
public sealed class AudioModel(GiftShelf shelf) : PageModel
{
    public Gift Gift { get; private set; } = null!;

    public GiftForm Next => GiftForm.Of(Gift);

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken ct)
    {
        var found = await shelf.FindAsync(User.UserId(), GiftKind.Audio, id, ct);
        if (found is null)
        {
            return NotFound();
        }

        Gift = found;
        return Request.AcceptsPage() ? Page() : new JsonResult(GiftAnswer.Of(found));
    }
}
