using Microsoft.AspNetCore.Http;
using PayPerUse.Credits;

namespace PayPerUse.Http;

/// <summary>Tells whose credits a request uses. Replace it by registering another one.</summary>
/// <remarks>
/// The default takes the signed-in user's <c>NameIdentifier</c> claim. Live balance streams ask again while they run, with a
/// copy of the request, so that a stream ends when its user is signed out.
/// </remarks>
public interface IAccountResolver
{
    /// <summary>Finds the account of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The account; null when nobody is signed in, which is answered 401.</returns>
    ValueTask<AccountId?> ResolveAsync(HttpContext context, CancellationToken cancellationToken);
}
