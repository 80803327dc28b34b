using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;

namespace PayPerUse.Http.Accounts;

/// <summary>The default: the signed-in user's <c>NameIdentifier</c> claim owns the credits.</summary>
internal sealed class ClaimAccountResolver(ILogger<ClaimAccountResolver> logger) : IAccountResolver
{
    public ValueTask<AccountId?> ResolveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (OwnerOf(context.User) is { } owner && AccountId.TryCreate(owner, out var account))
        {
            return new(account);
        }

        if (!context.User.Identities.Any(i => i.IsAuthenticated))
        {
            return new((AccountId?)null);
        }

        HttpLog.NoAccount(logger);
        return new((AccountId?)null);
    }

    /// <summary>The claim; null when nobody is signed in.</summary>
    public static string? OwnerOf(ClaimsPrincipal user) =>
        user.FindFirst(c => c.Type == ClaimTypes.NameIdentifier && c.Subject is { IsAuthenticated: true })?.Value;
}
