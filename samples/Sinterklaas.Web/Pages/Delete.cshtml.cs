using Microsoft.AspNetCore.Authentication;

namespace Sinterklaas.Web.Pages;

/// <summary>Forgets a person. What the books need stays, under an id that leads to nobody any more.</summary>
[Authorize]
public sealed class DeleteModel(
    CreditLedger ledger,
    CheckoutService checkout,
    SignInUsers users,
    IGuestWallets wallets,
    IDbContextFactory<AppDbContext> contexts,
    IConfiguration configuration,
    IStringLocalizer<Texts> T
) : PageModel
{
    public long Balance { get; private set; }

    /// <summary>What the law makes the seller keep; the setting <c>Retention:Text</c> replaces it.</summary>
    public string RetentionText =>
        configuration["Retention:Text"]
        ?? T[
            "De wet vraagt ons betalingen en ontvangstbewijzen 7 tot 10 jaar te bewaren. Er staat geen naam of adres op."
        ];

    public async Task OnGetAsync(CancellationToken ct) =>
        Balance = (await ledger.ReadBalanceAsync(new AccountId(User.UserId()), ct)).Balance;

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        // A guest has letters too, and no more than those and a wallet.
        var id = User.UserId();
        await checkout.CancelAllAsync(new AccountId(id), ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Gifts.Where(g => g.UserId == id).ExecuteDeleteAsync(ct);
        if (await users.FindAsync(id, ct) is { } user)
        {
            await db.Mails.Where(m => m.To == user.Email).ExecuteDeleteAsync(ct);
            await users.DeleteAsync(user.Id, ct);
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
