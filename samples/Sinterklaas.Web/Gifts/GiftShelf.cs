namespace Sinterklaas.Web.Gifts;

/// <summary>What was made: for its owner, and for who has its link. To everybody else it does not exist.</summary>
public sealed class GiftShelf(AppDbContext db)
{
    private const int ListAtMost = 100;

    /// <summary>The newest first.</summary>
    public Task<List<Gift>> ListAsync(string userId, CancellationToken ct) =>
        db.Gifts.Where(g => g.UserId == userId).OrderByDescending(g => g.CreatedAt).Take(ListAtMost).ToListAsync(ct);

    public Task<Gift?> FindAsync(string userId, string id, CancellationToken ct) =>
        db.Gifts.SingleOrDefaultAsync(g => g.Id == id && g.UserId == userId, ct);

    public Task<Gift?> FindSharedAsync(string token, CancellationToken ct)
    {
        var hash = HashOf(token);
        return db.Gifts.SingleOrDefaultAsync(g => g.ShareHash == hash, ct);
    }

    public Task<GiftSound?> FindSoundAsync(string giftId, CancellationToken ct) =>
        db.GiftSounds.SingleOrDefaultAsync(s => s.GiftId == giftId, ct);

    /// <summary>Makes the link's token; one that was given before opens nothing any more.</summary>
    public async Task<string> ShareAsync(Gift gift, CancellationToken ct)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        gift.ShareHash = HashOf(token);
        await db.SaveChangesAsync(ct);
        return token;
    }

    public Task UnshareAsync(Gift gift, CancellationToken ct)
    {
        gift.ShareHash = null;
        return db.SaveChangesAsync(ct);
    }

    private static string HashOf(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
