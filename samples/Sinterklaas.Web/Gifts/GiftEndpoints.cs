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
            var gifts = app.MapGroup(path).RequireAuthorization().CheckFirst(GiftForm.CheckAsync);
            if (isSold)
            {
                gifts.RequireCredits(action).KeepAnswer(KeepFor);
            }
            else
            {
                // The visitor's browser speaks: free, and so for those without credits too.
                gifts.LimitPerAddress(30, TimeSpan.FromMinutes(1));
            }

            gifts.MapPost("", ([AsParameters] Order order) => MakeAsync(order, kind));
            gifts.MapPost("/stream", ([AsParameters] Order order) => StreamAsync(order, kind)).StreamAnswer();
        }
    }

    public static object AnswerOf(Gift gift) =>
        gift.Kind == GiftKind.Letter
            ? new LetterAnswer(gift.Id, gift.Text, UrlOf(gift))
            : new AudioAnswer(gift.Id, gift.Text, gift.HasSound ? UrlOf(gift) + "/sound" : null);

    public static string UrlOf(Gift gift) => $"/{(gift.Kind == GiftKind.Letter ? "letters" : "audio")}/{gift.Id}";

    private static async Task<IResult> MakeAsync(Order order, GiftKind kind)
    {
        try
        {
            var gift = await order.MakeAsync(kind, _ => Task.CompletedTask, order.Context.RequestAborted);
            return order.Context.Request.HasFormContentType
                ? Results.LocalRedirect(UrlOf(gift))
                : Results.Created(UrlOf(gift), AnswerOf(gift));
        }
        catch (MakerUnavailableException)
        {
            // A status of 400 or more gives the credit back; the error page says so.
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>
    /// The same, told while it happens, a JSON object on each line: <c>step</c>, <c>text</c>, and at last <c>made</c>, or <c>error</c>.
    /// Who leaves halfway finds it made: the work goes on without a listener, and the credit buys the whole.
    /// </summary>
    private static async Task StreamAsync(Order order, GiftKind kind)
    {
        var response = order.Context.Response;
        try
        {
            var gift = await order.MakeAsync(kind, step => response.WriteJsonLineAsync(step), CancellationToken.None);
            await response.WriteJsonLineAsync(new { made = AnswerOf(gift), url = UrlOf(gift) });
        }
        catch (MakerUnavailableException)
        {
            order.Context.ReleaseCredits();
            var sorry = order.T[
                "Sinterklaas is even weggeroepen. Het heeft je niets gekost: probeer het straks opnieuw."
            ];
            await response.WriteJsonLineAsync(new { error = sorry.Value });
        }
    }

    /// <summary>What a request brings, its form checked.</summary>
    private sealed record Order(HttpContext Context, GiftMaker Maker, IStringLocalizer<Texts> T)
    {
        public async Task<Gift> MakeAsync(GiftKind kind, Func<GiftProgress, Task> tell, CancellationToken ct)
        {
            var input = Context.Features.Get<GiftForm>()!.Input;
            var gift = await Maker.MakeAsync(Context.User.UserId(), kind, input, tell, ct);
            if (kind == GiftKind.Audio && !gift.HasSound)
            {
                Context.ReleaseCredits();
            }

            return gift;
        }
    }
}
