using Microsoft.AspNetCore.Authentication;

namespace Sinterklaas.Web.Pages;

/// <summary>Forgets a person. What the books need stays, under an id that leads to nobody any more.</summary>
[Authorize]
public sealed class DeleteModel(CreditLedger ledger, AccountDeletion deletion, IGuestWallets wallets) : PageModel
{
    public long Balance { get; private set; }

    /// <summary>Whether a payment that is under way stood in the way.</summary>
    public bool IsRefused { get; private set; }

    public async Task OnGetAsync(CancellationToken ct) =>
        Balance = (await ledger.ReadBalanceAsync(new AccountId(User.UserId()), ct)).Balance;

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await deletion.DeleteAsync(new AccountId(User.UserId()), ct) is not [])
        {
            IsRefused = true;
            await OnGetAsync(ct);
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
