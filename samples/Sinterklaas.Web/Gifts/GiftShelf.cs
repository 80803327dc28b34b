using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;
using Sinterklaas.Web.Data;

namespace Sinterklaas.Web.Gifts;

/// <summary>One line of the visitor's list.</summary>
public sealed record GiftTitle(string Id, GiftKind Kind, string ChildName, DateTimeOffset CreatedAt)
{
    public string Url => GiftAnswer.UrlOf(Kind, Id);
}

/// <summary>What was made, for its owner only: to everybody else it does not exist.</summary>
public sealed class GiftShelf(IDbContextFactory<AppDbContext> contexts) : IAccountMergeHandler
{
    private const int ListAtMost = 100;

    public async Task<IReadOnlyList<GiftTitle>> ListAsync(string userId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db
            .Gifts.Where(g => g.UserId == userId)
            .OrderByDescending(g => g.CreatedAt)
            .Take(ListAtMost)
            .Select(g => new GiftTitle(g.Id, g.Kind, g.ChildName, g.CreatedAt))
            .ToListAsync(ct);
    }

    public async Task<Gift?> FindAsync(string userId, GiftKind kind, string id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db
            .Gifts.AsNoTracking()
            .SingleOrDefaultAsync(g => g.Id == id && g.UserId == userId && g.Kind == kind, ct);
    }

    public async Task<GiftSound?> FindSoundAsync(string userId, string id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db
            .GiftSounds.AsNoTracking()
            .SingleOrDefaultAsync(s => db.Gifts.Any(g => g.Id == s.GiftId && g.Id == id && g.UserId == userId), ct);
    }

    /// <summary>What a guest made goes along to the account that the guest claims it for.</summary>
    public async Task MergedAsync(AccountId source, AccountId target, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db
            .Gifts.Where(g => g.UserId == source.Owner)
            .ExecuteUpdateAsync(g => g.SetProperty(x => x.UserId, target.Owner), cancellationToken);
    }
}
