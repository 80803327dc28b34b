using System.Security.Claims;

namespace Microsoft.AspNetCore.Http;

/// <summary>Who somebody is.</summary>
public static class SignInPrincipalExtensions
{
    /// <summary>The opaque id of who is signed in, or of a guest with a wallet: the owner of credits and payments.</summary>
    /// <param name="user">Who.</param>
    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public static string UserId(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.FindFirstValue(ClaimTypes.NameIdentifier)
            ?? throw new InvalidOperationException("Nobody is signed in: the endpoint needs RequireAuthorization.");
    }
}
