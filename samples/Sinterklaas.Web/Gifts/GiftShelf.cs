using Microsoft.EntityFrameworkCore;
using Sinterklaas.Web.Data;

namespace Sinterklaas.Web.Gifts;

/// <summary>One line of the visitor's list.</summary>
public sealed record GiftTitle(string Id, GiftKind Kind, string ChildName, DateTimeOffset CreatedAt)
{
    public string Url => GiftAnswer.UrlOf(Kind, Id);
}

/// <summary>What was made, for its owner only: to everybody else it does not exist.</summary>
public sealed class GiftShelf(IDbContextFactory<AppDbContext> contexts)
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
}
