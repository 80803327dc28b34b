using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PayPerUse.SignIn.Data;

namespace PayPerUse.SignIn.Sessions;

/// <summary>Knows who is still signed in, so that a copied cookie or token ends with the session it was made for.</summary>
internal sealed class SignInSessions(ISignInContexts contexts, IOptions<SignInOptions> options, TimeProvider clock)
{
    public async Task<ClaimsPrincipal> StartAsync(SignInUser user, string scheme, CancellationToken cancellationToken)
    {
        var session = new SignInSession
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            UserId = user.Id,
            CreatedAt = clock.GetUtcNow(),
        };
        var ended = Oldest();
        await contexts
            .RunAsync(async db =>
            {
                // Who is newer than every session that has ended has none of them.
                if (user.CreatedAt <= ended)
                {
                    await db.Set<SignInSession>()
                        .Where(s => s.UserId == user.Id && s.CreatedAt <= ended)
                        .ExecuteDeleteAsync(cancellationToken)
                        .ConfigureAwait(false);
                }

                db.Add(session);
                return await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            })
            .ConfigureAwait(false);

        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, user.Id),
            new(ClaimTypes.Email, user.Email),
            new(SignInDefaults.SessionClaim, session.Id),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, scheme, ClaimTypes.Email, roleType: null));
    }

    public async Task<bool> IsOpenAsync(ClaimsPrincipal? person, CancellationToken cancellationToken)
    {
        var ended = Oldest();
        return person?.FindFirstValue(SignInDefaults.SessionClaim) is { } id
            && await contexts
                .RunAsync(db =>
                    db.Set<SignInSession>().AnyAsync(s => s.Id == id && s.CreatedAt > ended, cancellationToken)
                )
                .ConfigureAwait(false);
    }

    public async Task EndAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (person.FindFirstValue(SignInDefaults.SessionClaim) is { } id)
        {
            await contexts
                .RunAsync(db => db.Set<SignInSession>().Where(s => s.Id == id).ExecuteDeleteAsync(cancellationToken))
                .ConfigureAwait(false);
        }
    }

    private DateTimeOffset Oldest() => clock.GetUtcNow() - options.Value.LongestSession;
}
