using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Gifts;

/// <summary>Makes letters and audio messages, and keeps what was made.</summary>
public sealed class GiftMaker(
    ILetterWriter writer,
    IVoice voice,
    IDbContextFactory<AppDbContext> contexts,
    TimeProvider clock
)
{
    public async Task<Gift> WriteAsync(string userId, LetterRequest request, CancellationToken ct)
    {
        var text = await writer.WriteAsync(request, ct);
        return await KeepAsync(userId, GiftKind.Letter, request, text, speech: null, ct);
    }

    public async Task<Gift> SpeakAsync(string userId, LetterRequest request, CancellationToken ct)
    {
        var script = await writer.WriteScriptAsync(request, ct);
        var speech = await voice.SpeakAsync(script, request.Language, ct);
        return await KeepAsync(userId, GiftKind.Audio, request, script, speech, ct);
    }

    private async Task<Gift> KeepAsync(
        string userId,
        GiftKind kind,
        LetterRequest request,
        string text,
        Speech? speech,
        CancellationToken ct
    )
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var gift = new Gift
        {
            Id = id,
            UserId = userId,
            Kind = kind,
            ChildName = request.ChildName,
            Age = request.Age,
            GoodDeeds = request.GoodDeeds,
            Wishes = request.Wishes,
            Language = request.Language,
            Text = text,
            HasSound = speech is not null,
            Sound = speech is null
                ? null
                : new GiftSound
                {
                    GiftId = id,
                    Bytes = speech.Audio,
                    ContentType = speech.ContentType,
                },
            CreatedAt = clock.GetUtcNow(),
        };
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.Gifts.Add(gift);
        await db.SaveChangesAsync(ct);
        return gift;
    }
}
