using Microsoft.AspNetCore.Http;
using PayPerUse.Credits;

namespace PayPerUse.Http.Guests;

/// <summary>Whoever is signed in; and when nobody is, the guest whose wallet the request brings.</summary>
internal sealed class GuestAccountResolver(IAccountResolver signedIn, GuestWallets wallets) : IAccountResolver
{
    public async ValueTask<AccountId?> ResolveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await signedIn.ResolveAsync(context, cancellationToken).ConfigureAwait(false) is { } account)
        {
            return account;
        }

        // Somebody who is signed in without an account of credits is not a guest, nor is a program whose token has ended.
        return GuestAuthentication.IsSignedIn(context.User) || context.Request.Headers.Authorization.Count > 0
            ? null
            : wallets.Find(context);
    }
}
