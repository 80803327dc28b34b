using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;
using PayPerUse.Http;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.SignIn;
using Sinterklaas.Web.Site;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Gifts;

/// <summary>What is for sale: a letter or an audio message, one credit each. JSON in, JSON out; a form in, a page out.</summary>
public static class GiftEndpoints
{
    // A second press, a reload or a lost connection is given the same gift, as long as a visitor may come back to it.
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(1);

    public static void MapGifts(this WebApplication app)
    {
        var gifts = app.MapGroup("").RequireAuthorization();
        gifts
            .MapPost("/letters", WriteAsync)
            .RequireCredits("letter")
            .KeepAnswer(KeepFor)
            .CheckFirst(GiftForm.CheckAsync);

        var audio = gifts.MapPost("/audio", SpeakAsync);
        if (app.Services.GetRequiredService<IVoice>().IsAvailable)
        {
            audio.RequireCredits("audio").KeepAnswer(KeepFor).CheckFirst(GiftForm.CheckAsync);
        }
        else
        {
            // The visitor's browser speaks: free, and so for those without credits too.
            audio.AddEndpointFilter(
                async (call, next) => await GiftForm.CheckAsync(call.HttpContext) ?? await next(call)
            );
        }

        gifts.MapGet("/audio/{id}/sound", ListenAsync);

        // Where a refused form was sent, a visitor may reload.
        app.MapGet("/letters", () => Results.LocalRedirect("/"));
        app.MapGet("/audio", () => Results.LocalRedirect("/"));
    }

    private static async Task<IResult> WriteAsync(HttpContext context, GiftMaker maker, CancellationToken ct)
    {
        try
        {
            var gift = await maker.WriteAsync(context.User.UserId(), RequestOf(context), ct);
            return Made(context, gift);
        }
        catch (MakerUnavailableException)
        {
            return NotMade(context);
        }
    }

    private static async Task<IResult> SpeakAsync(HttpContext context, GiftMaker maker, CancellationToken ct)
    {
        try
        {
            var gift = await maker.SpeakAsync(context.User.UserId(), RequestOf(context), ct);
            if (!gift.HasSound)
            {
                context.ReleaseCredits();
            }

            return Made(context, gift);
        }
        catch (MakerUnavailableException)
        {
            return NotMade(context);
        }
    }

    private static async Task<IResult> ListenAsync(
        string id,
        HttpContext context,
        GiftShelf shelf,
        CancellationToken ct
    )
    {
        var sound = await shelf.FindSoundAsync(context.User.UserId(), id, ct);
        return sound is null
            ? Results.NotFound()
            : Results.Bytes(
                sound.Bytes,
                sound.ContentType,
                enableRangeProcessing: true,
                entityTag: new EntityTagHeaderValue($"\"{id}\"")
            );
    }

    private static LetterRequest RequestOf(HttpContext context) => context.Features.Get<GiftForm>()!.Input.ToRequest();

    private static IResult Made(HttpContext context, Gift gift)
    {
        var url = GiftAnswer.UrlOf(gift.Kind, gift.Id);
        return context.Request.HasFormContentType
            ? Results.LocalRedirect(url)
            : Results.Created(url, GiftAnswer.Of(gift));
    }

    // A status of 400 or more gives the credit back.
    private static IResult NotMade(HttpContext context)
    {
        var T = context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
        return context.Request.HasFormContentType
            ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : ApiProblem.Create(
                StatusCodes.Status503ServiceUnavailable,
                "unavailable",
                "Not available now",
                T["Sinterklaas is even weggeroepen. Het heeft je niets gekost: probeer het straks opnieuw."],
                TimeSpan.FromMinutes(1)
            );
    }
}
