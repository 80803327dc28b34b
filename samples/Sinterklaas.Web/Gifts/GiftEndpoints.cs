namespace Sinterklaas.Web.Gifts;

/// <summary>What scripts are told of a letter.</summary>
public sealed record LetterAnswer(string Id, string Text, string Url);

/// <summary>What scripts are told of an audio message; without a recording the browser speaks the script.</summary>
public sealed record AudioAnswer(string Id, string Script, string? AudioUrl);

/// <summary>What is for sale: a letter or an audio message, one credit each. JSON in, JSON out; a form in, a page out.</summary>
public static class GiftEndpoints
{
    // A second press, a reload or a lost connection is given the same gift, as long as a visitor may come back to it.
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(1);

    public static void MapGifts(this WebApplication app)
    {
        var hasVoice = app.Services.GetRequiredService<IVoice>().IsAvailable;
        Map("/letters", "letter", GiftKind.Letter, isSold: true);
        Map("/audio", "audio", GiftKind.Audio, isSold: hasVoice);

        void Map(string path, string action, GiftKind kind, bool isSold)
        {
            // Where a refused form was sent, a visitor may reload.
            app.MapGet(path, () => Results.LocalRedirect("/"));
            var gifts = app.MapWork(path, WorkOf(kind)).RequireAuthorization().CheckFirst(GiftForm.CheckAsync);
            if (isSold)
            {
                gifts.RequireCredits(action).KeepAnswer(KeepFor);
            }
            else
            {
                // The visitor's browser speaks: free, and so for those without credits too.
                gifts.LimitPerAddress(30, TimeSpan.FromMinutes(1));
            }
        }
    }

    public static object AnswerOf(Gift gift) =>
        gift.Kind == GiftKind.Letter
            ? new LetterAnswer(gift.Id, gift.Text, UrlOf(gift))
            : new AudioAnswer(gift.Id, gift.Text, gift.SoundUrl);

    public static string UrlOf(Gift gift) => $"/{(gift.Kind == GiftKind.Letter ? "letters" : "audio")}/{gift.Id}";

    private static CreditWork<Gift> WorkOf(GiftKind kind) =>
        new(
            context =>
            {
                var maker = context.RequestServices.GetRequiredService<GiftMaker>();
                var (userId, input) = (context.User.UserId(), context.Features.Get<GiftForm>()!.Input);
                return (tell, ct) => maker.MakeAsync(userId, kind, input, tell, ct);
            },
            UrlOf,
            AnswerOf
        )
        {
            IsFree = gift => kind == GiftKind.Audio && !gift.HasSound,
            Sorry = context =>
            {
                var T = context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
                return T["Sinterklaas is even weggeroepen. Het heeft je niets gekost: probeer het straks opnieuw."];
            },
        };
}
