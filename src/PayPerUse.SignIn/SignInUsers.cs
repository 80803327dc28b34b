using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PayPerUse.SignIn.Codes;
using PayPerUse.SignIn.Data;
using PayPerUse.SignIn.Mailing;
using PayPerUse.SignIn.Sessions;

namespace PayPerUse.SignIn;

/// <summary>Who ever signed in.</summary>
public sealed class SignInUsers
{
    private readonly ISignInContexts _contexts;
    private readonly TimeProvider _clock;

    internal SignInUsers(ISignInContexts contexts, TimeProvider clock)
    {
        _contexts = contexts;
        _clock = clock;
    }

    /// <summary>Finds a user; null when there is none.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="SignInException">The database failed.</exception>
    public Task<SignInUser?> FindAsync(string userId, CancellationToken cancellationToken) =>
        _contexts.RunAsync(db =>
            db.Set<SignInUser>().AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId, cancellationToken)
        );

    /// <summary>Signs a user out of every browser and front end.</summary>
    /// <param name="userId">The user's id.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many sessions ended.</returns>
    /// <exception cref="SignInException">The database failed.</exception>
    public Task<int> EndSessionsAsync(string userId, CancellationToken cancellationToken) =>
        _contexts.RunAsync(db =>
            db.Set<SignInSession>().Where(s => s.UserId == userId).ExecuteDeleteAsync(cancellationToken)
        );

    /// <summary>
    /// Forgets a user: sessions, codes, mails in the local mailbox and the address. Rows of the app that refer to the user go along
    /// as its foreign keys say. Whoever signs in with the address afterwards is somebody new.
    /// </summary>
    /// <param name="userId">The user's id; unknown is fine.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SignInException">The database failed.</exception>
    public async Task DeleteAsync(string userId, CancellationToken cancellationToken)
    {
        if (await FindAsync(userId, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            return;
        }

        await EndSessionsAsync(userId, cancellationToken).ConfigureAwait(false);
        await _contexts
            .RunAsync(async db =>
            {
                await db.Set<SignInCode>()
                    .Where(c => c.Email == user.Email)
                    .ExecuteDeleteAsync(cancellationToken)
                    .ConfigureAwait(false);
                if (db.Model.FindEntityType(typeof(LocalMail)) is not null)
                {
                    await db.Set<LocalMail>()
                        .Where(m => m.To == user.Email)
                        .ExecuteDeleteAsync(cancellationToken)
                        .ConfigureAwait(false);
                }

                return await db.Set<SignInUser>()
                    .Where(u => u.Id == userId)
                    .ExecuteDeleteAsync(cancellationToken)
                    .ConfigureAwait(false);
            })
            .ConfigureAwait(false);
    }

    /// <summary>Since when a user is signed in, in each browser and front end.</summary>
    internal Task<List<DateTimeOffset>> ReadSessionsAsync(string userId, CancellationToken cancellationToken) =>
        _contexts.RunAsync(db =>
            db.Set<SignInSession>()
                .Where(s => s.UserId == userId)
                .OrderBy(s => s.CreatedAt)
                .Select(s => s.CreatedAt)
                .ToListAsync(cancellationToken)
        );

    internal async Task<SignInUser> FindOrAddAsync(string email, CancellationToken cancellationToken)
    {
        var known = await FindByEmailAsync(email, cancellationToken).ConfigureAwait(false);
        if (known is not null)
        {
            return known;
        }

        var added = new SignInUser
        {
            Id = "u-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Email = email,
            CreatedAt = _clock.GetUtcNow(),
        };
        try
        {
            await _contexts
                .RunAsync(db =>
                {
                    db.Add(added);
                    return db.SaveChangesAsync(cancellationToken);
                })
                .ConfigureAwait(false);
            return added;
        }
        catch (SignInException e) when (e.InnerException is DbUpdateException)
        {
            // Two browsers of one new person: the first to be saved counts.
            var other = await FindByEmailAsync(email, cancellationToken).ConfigureAwait(false);
            if (other is null)
            {
                throw;
            }

            return other;
        }
    }

    private Task<SignInUser?> FindByEmailAsync(string email, CancellationToken cancellationToken) =>
        _contexts.RunAsync(db =>
            db.Set<SignInUser>().AsNoTracking().SingleOrDefaultAsync(u => u.Email == email, cancellationToken)
        );
}
