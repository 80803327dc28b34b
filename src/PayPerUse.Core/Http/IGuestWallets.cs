using Microsoft.AspNetCore.Http;
using PayPerUse.Credits;

namespace PayPerUse.Http;

/// <summary>Tells whether a visitor has a guest wallet, for pages that offer to make or to claim one.</summary>
public interface IGuestWallets
{
    /// <summary>Finds the guest's account in the request's cookie, whoever is signed in.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The account; null when there is no wallet, or it is not one of ours.</returns>
    AccountId? Find(HttpContext context);

    /// <summary>Takes the wallet's cookie away: whoever had it has no way to its account any more.</summary>
    /// <param name="context">The request.</param>
    void End(HttpContext context);
}
