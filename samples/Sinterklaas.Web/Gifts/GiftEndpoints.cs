using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Sinterklaas.Web.Gifts;

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
        app.MapGet("/audio/{id}/sound", ListenOwnAsync).RequireAuthorization();
        app.MapGet("/shared/{token}/sound", ListenSharedAsync);

        void Map(string path, string action, GiftKind kind, bool isSold)
        {
            // Where a refused form was sent, a visitor may reload.
            app.MapGet(path, () => Results.LocalRedirect("/"));
            var whole = app.MapPost(path, (HttpContext context, GiftMaker maker) => MakeAsync(context, maker, kind));
            var stream = app.MapPost(path + "/stream", (HttpContext c, GiftMaker maker) => StreamAsync(c, maker, kind));
            foreach (var endpoint in new[] { whole.RequireAuthorization(), stream.RequireAuthorization() })
            {
                if (isSold)
                {
                    endpoint.RequireCredits(action).KeepAnswer(KeepFor).CheckFirst(GiftForm.CheckAsync);
                }
                else
                {
                    // The visitor's browser speaks: free, and so for those without credits too.
                    endpoint.AddEndpointFilter(
                        async (call, next) => await GiftForm.CheckAsync(call.HttpContext) ?? await next(call)
                    );
                }
            }

            stream.StreamAnswer();
        }
    }

    /// <summary>What scripts are told of something that was made.</summary>
    public static object AnswerOf(Gift gift) =>
        gift.Kind == GiftKind.Letter
            ? new
            {
                gift.Id,
                gift.Text,
                url = UrlOf(gift),
            }
            : new
            {
                gift.Id,
                script = gift.Text,
                audioUrl = gift.HasSound ? UrlOf(gift) + "/sound" : null,
            };

    public static string UrlOf(Gift gift) => $"/{(gift.Kind == GiftKind.Letter ? "letters" : "audio")}/{gift.Id}";

    private static async Task<IResult> MakeAsync(HttpContext context, GiftMaker maker, GiftKind kind)
    {
        try
        {
            var gift = await MakeAsync(context, maker, kind, _ => Task.CompletedTask, context.RequestAborted);
            return context.Request.HasFormContentType
                ? Results.LocalRedirect(UrlOf(gift))
                : Results.Created(UrlOf(gift), AnswerOf(gift));
        }
        catch (MakerUnavailableException)
        {
            // A status of 400 or more gives the credit back.
            return context.Request.HasFormContentType
                ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
                : ApiProblem.Create(
                    StatusCodes.Status503ServiceUnavailable,
                    "unavailable",
                    "Not available now",
                    SorryIn(context),
                    TimeSpan.FromMinutes(1)
                );
        }
    }

    /// <summary>
    /// The same, told while it happens, a JSON object on each line: <c>step</c>, <c>text</c>, and at last <c>made</c>, or <c>error</c>.
    /// Who leaves halfway finds it made: the work goes on without a listener, and the credit buys the whole.
    /// </summary>
    private static async Task StreamAsync(HttpContext context, GiftMaker maker, GiftKind kind)
    {
        context.Response.ContentType = "application/x-ndjson";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            var gift = await MakeAsync(context, maker, kind, SayAsync, CancellationToken.None);
            await SayAsync(new { made = AnswerOf(gift), url = UrlOf(gift) });
        }
        catch (MakerUnavailableException)
        {
            context.ReleaseCredits();
            await SayAsync(new { error = SorryIn(context) });
        }

        async Task SayAsync(object line)
        {
            await context.Response.WriteAsync(JsonSerializer.Serialize(line, JsonSerializerOptions.Web) + "\n");
            await context.Response.Body.FlushAsync();
        }
    }

    private static async Task<Gift> MakeAsync(
        HttpContext context,
        GiftMaker maker,
        GiftKind kind,
        Func<object, Task> say,
        CancellationToken ct
    )
    {
        var input = context.Features.Get<GiftForm>()!.Input;
        var gift = await maker.MakeAsync(context.User.UserId(), kind, input, say, ct);
        if (kind == GiftKind.Audio && !gift.HasSound)
        {
            context.ReleaseCredits();
        }

        return gift;
    }

    private static async Task<IResult> ListenOwnAsync(
        string id,
        HttpContext context,
        GiftShelf shelf,
        CancellationToken ct
    ) => await ListenAsync(await shelf.FindAsync(context.User.UserId(), GiftKind.Audio, id, ct), context, shelf, ct);

    private static async Task<IResult> ListenSharedAsync(
        string token,
        HttpContext context,
        GiftShelf shelf,
        CancellationToken ct
    )
    {
        context.Response.MarkAsShared();
        return await ListenAsync(await shelf.FindSharedAsync(token, ct), context, shelf, ct);
    }

    private static async Task<IResult> ListenAsync(
        Gift? gift,
        HttpContext context,
        GiftShelf shelf,
        CancellationToken ct
    )
    {
        var sound = gift is null ? null : await shelf.FindSoundAsync(gift.Id, ct);
        var name = sound?.ContentType == "audio/mpeg" ? "sinterklaas.mp3" : "sinterklaas.wav";
        return sound is null
            ? Results.NotFound()
            : Results.Bytes(
                sound.Bytes,
                sound.ContentType,
                fileDownloadName: context.Request.Query.ContainsKey("download") ? name : null,
                enableRangeProcessing: true,
                entityTag: new EntityTagHeaderValue($"\"{gift!.Id}\"")
            );
    }

    /// <summary>What a link opens is in no search engine and no cache, and tells nobody where the reader came from.</summary>
    public static void MarkAsShared(this HttpResponse response)
    {
        response.Headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "private, no-store";
    }

    private static string SorryIn(HttpContext context)
    {
        var T = context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
        return T["Sinterklaas is even weggeroepen. Het heeft je niets gekost: probeer het straks opnieuw."];
    }
}
