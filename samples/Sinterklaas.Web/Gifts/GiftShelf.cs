using System.Security.Cryptography;
using System.Text;

namespace Sinterklaas.Web.Gifts;

/// <summary>What was made: for its owner, and for who has its link. To everybody else it does not exist.</summary>
public sealed class GiftShelf(IDbContextFactory<AppDbContext> contexts)
{
    private const int ListAtMost = 100;

    /// <summary>The newest first.</summary>
    public Task<List<Gift>> ListAsync(string userId, CancellationToken ct) =>
        AskAsync(
            gifts =>
                gifts
                    .Where(g => g.UserId == userId)
                    .OrderByDescending(g => g.CreatedAt)
                    .Take(ListAtMost)
                    .ToListAsync(ct),
            ct
        );

    public Task<Gift?> FindAsync(string userId, GiftKind kind, string id, CancellationToken ct) =>
        AskAsync(gifts => gifts.SingleOrDefaultAsync(g => g.Id == id && g.UserId == userId && g.Kind == kind, ct), ct);

    public Task<Gift?> FindSharedAsync(string token, CancellationToken ct)
    {
        var hash = HashOf(token);
        return AskAsync(gifts => gifts.SingleOrDefaultAsync(g => g.ShareHash == hash, ct), ct);
    }

    public Task<GiftSound?> FindSoundAsync(string giftId, CancellationToken ct) =>
        AskAsync(gifts => gifts.Where(g => g.Id == giftId).Select(g => g.Sound).SingleOrDefaultAsync(ct), ct);

    /// <summary>Makes the link's token; one that was given before opens nothing any more.</summary>
    public async Task<string> ShareAsync(Gift gift, CancellationToken ct)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await SetShareAsync(gift, HashOf(token), ct);
        return token;
    }

    public Task UnshareAsync(Gift gift, CancellationToken ct) => SetShareAsync(gift, hash: null, ct);

    private async Task SetShareAsync(Gift gift, string? hash, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var mine = db.Gifts.Where(g => g.Id == gift.Id);
        await mine.ExecuteUpdateAsync(set => set.SetProperty(g => g.ShareHash, hash), ct);
        gift.ShareHash = hash;
    }

    private async Task<TAnswer> AskAsync<TAnswer>(Func<IQueryable<Gift>, Task<TAnswer>> ask, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await ask(db.Gifts.AsNoTracking());
    }

    private static string HashOf(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
