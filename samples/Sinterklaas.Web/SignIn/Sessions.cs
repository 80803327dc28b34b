using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Sinterklaas.Web.Data;

namespace Sinterklaas.Web.SignIn;

/// <summary>Knows who is still signed in, so that a copied cookie or token ends with the session it was made for.</summary>
public sealed class Sessions(IDbContextFactory<AppDbContext> contexts, TimeProvider clock)
{
    private const string SessionClaim = "sid";

    public async Task<ClaimsPrincipal> StartAsync(User user, string scheme, CancellationToken ct)
    {
        var session = new Session
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            UserId = user.Id,
            CreatedAt = clock.GetUtcNow(),
        };
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.Sessions.Add(session);
        await db.SaveChangesAsync(ct);

        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, user.Id),
            new(ClaimTypes.Email, user.Email),
            new(SessionClaim, session.Id),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme, ClaimTypes.Email, roleType: null));
    }

    public async Task<bool> IsOpenAsync(ClaimsPrincipal? person, CancellationToken ct)
    {
        var id = person?.FindFirstValue(SessionClaim);
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Sessions.AnyAsync(s => s.Id == id, ct);
    }

    public async Task EndAsync(ClaimsPrincipal person, CancellationToken ct)
    {
        var id = person.FindFirstValue(SessionClaim);
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Sessions.Where(s => s.Id == id).ExecuteDeleteAsync(ct);
    }
}
