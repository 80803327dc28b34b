using Microsoft.AspNetCore.Authentication;

namespace Sinterklaas.Web.Pages;

/// <summary>Forgets a person. What the books need stays, under an id that leads to nobody any more.</summary>
[Authorize]
public sealed class DeleteModel(AccountDeletion deletion, IGuestWallets wallets) : PageModel
{
    /// <summary>What stood in the way.</summary>
    public AccountDeletionStatus? Refused { get; private set; }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var result = await deletion.DeleteAsync(new AccountId(User.UserId()), ct);
        if (!result.IsDeleted)
        {
            Refused = result.Status;
            return Page();
        }

        // Who signed in may sit at somebody else's device: the wallet there is not theirs to end.
        if (User.IsGuest())
        {
            wallets.End(HttpContext);
        }

        await HttpContext.SignOutAsync(SignInDefaults.CookieScheme);
        return LocalRedirect("/");
    }
}
