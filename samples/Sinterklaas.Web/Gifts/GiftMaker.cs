namespace Sinterklaas.Web.Gifts;

/// <summary>How far the making is: a step that begins, or the next piece of the text. One of the two is null.</summary>
public sealed record GiftProgress(string? Step = null, string? Text = null);

/// <summary>Makes letters and audio messages, and keeps what was made.</summary>
public sealed partial class GiftMaker(
    ILetterWriter writer,
    IVoice voice,
    IDbContextFactory<AppDbContext> contexts,
    TimeProvider clock,
    ILogger<GiftMaker> logger
)
{
    /// <summary>What takes longer is given up, and costs nothing.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <exception cref="MakerUnavailableException">It could not be made now.</exception>
    public async Task<Gift> MakeAsync(
        string userId,
        GiftKind kind,
        GiftInput input,
        Func<GiftProgress, Task> tell,
        CancellationToken ct
    )
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await MakeAsync(both.Token).WaitAsync(both.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Whatever it was, the visitor can only try again, and pays nothing.
            NotMade(logger, kind, e);
            throw new MakerUnavailableException("It could not be made. Nothing was charged.", e);
        }

        async Task<Gift> MakeAsync(CancellationToken ct)
        {
            await TellAsync(new GiftProgress(Step: "write"));
            var text = await writer.WriteAsync(input, kind, piece => TellAsync(new GiftProgress(Text: piece)), ct);
            Speech? speech = null;
            if (kind == GiftKind.Audio)
            {
                await TellAsync(new GiftProgress(Step: "speak"));
                speech = await voice.SpeakAsync(text, input.Language!, ct);
            }

            await TellAsync(new GiftProgress(Step: "keep"));
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

        // A maker that did not hear that it was given up has no listener any more.
        Task TellAsync(GiftProgress progress) => both.IsCancellationRequested ? Task.CompletedTask : tell(progress);
    }

    [LoggerMessage(LogLevel.Warning, "A {Kind} could not be made")]
    private static partial void NotMade(ILogger logger, GiftKind kind, Exception error);
}
