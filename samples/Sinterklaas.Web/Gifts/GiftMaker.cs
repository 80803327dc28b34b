namespace Sinterklaas.Web.Gifts;

/// <summary>Makes letters and audio messages, and keeps what was made.</summary>
public sealed class GiftMaker(
    ILetterWriter writer,
    IVoice voice,
    IDbContextFactory<AppDbContext> contexts,
    TimeProvider clock
)
{
    /// <summary>Tells each <c>step</c> that begins, and each piece of the <c>text</c>.</summary>
    /// <exception cref="MakerUnavailableException">It could not be made now.</exception>
    public async Task<Gift> MakeAsync(
        string userId,
        GiftKind kind,
        GiftInput input,
        Func<object, Task> tell,
        CancellationToken ct
    )
    {
        await tell(new { step = "write" });
        var text = await writer.WriteAsync(input, kind, piece => tell(new { text = piece }), ct);
        Speech? speech = null;
        if (kind == GiftKind.Audio)
        {
            await tell(new { step = "speak" });
            speech = await voice.SpeakAsync(text, input.Language!, ct);
        }

        // A maker that did not hear that it was given up has made it for nobody.
        ct.ThrowIfCancellationRequested();
        await tell(new { step = "keep" });
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var gift = new Gift
        {
            Id = id,
            UserId = userId,
            Kind = kind,
            Input = input,
            Text = text,
            HasSound = speech is not null,
            Sound = speech is null ? null : new GiftSound(id, speech.ContentType, speech.Audio),
            CreatedAt = clock.GetUtcNow(),
        };
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.Gifts.Add(gift);
        await db.SaveChangesAsync(ct);
        return gift;
    }
}
