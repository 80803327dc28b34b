using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;

namespace PayPerUse.Http.Accounts;

/// <summary>The default: the signed-in user's <c>NameIdentifier</c> claim owns the credits.</summary>
internal sealed class ClaimAccountResolver(ILogger<ClaimAccountResolver> logger) : IAccountResolver
{
    public ValueTask<AccountId?> ResolveAsync(HttpContext context, CancellationToken cancellationToken) =>
        new(Resolve(context.User, OwnerOf(context.User)));

    /// <summary>The same for a caller that has looked for the owner already.</summary>
    public AccountId? Resolve(ClaimsPrincipal user, string? owner)
    {
        if (owner is not null && AccountId.TryCreate(owner, out var account))
        {
            return account;
        }

        if (user.Identities.Any(i => i.IsAuthenticated))
        {
            HttpLog.NoAccount(logger);
        }

        return null;
    }

    /// <summary>The claim; null when nobody is signed in.</summary>
    public static string? OwnerOf(ClaimsPrincipal user) =>
        user.FindFirst(c => c.Type == ClaimTypes.NameIdentifier && c.Subject is { IsAuthenticated: true })?.Value;
}
