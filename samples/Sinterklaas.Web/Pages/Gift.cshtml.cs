using Microsoft.Net.Http.Headers;

namespace Sinterklaas.Web.Pages;

/// <summary>The page of something that was made. It is found before the page does anything; otherwise there is no page.</summary>
public abstract class GiftPage(GiftShelf shelf) : PageModel
{
    public Gift Gift { get; private set; } = null!;

    protected GiftShelf Shelf { get; } = shelf;

    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context,
        PageHandlerExecutionDelegate next
    )
    {
        if (await FindAsync((string)RouteData.Values["id"]!, HttpContext.RequestAborted) is { } found)
        {
            Gift = found;
            await next();
        }
        else
        {
            context.Result = NotFound();
        }
    }

    /// <summary>The recording, from anywhere in it.</summary>
    public async Task<IActionResult> OnGetSoundAsync(CancellationToken ct) =>
        await Shelf.FindSoundAsync(Gift.Id, ct) is { } sound
            ? new FileContentResult(sound.Bytes, sound.ContentType)
            {
                FileDownloadName =
                    !Request.Query.ContainsKey("download") ? null
                    : sound.ContentType == "audio/mpeg" ? "sinterklaas.mp3"
                    : "sinterklaas.wav",
                EnableRangeProcessing = true,
                EntityTag = new EntityTagHeaderValue($"\"{Gift.Id}\""),
            }
            : NotFound();

    protected abstract Task<Gift?> FindAsync(string id, CancellationToken ct);

    protected IActionResult Show(object answer) => Request.AcceptsPage() ? Page() : new JsonResult(answer);
}

/// <summary>For its owner: to read or hear again, to share by a link, and to take that link back.</summary>
[Authorize]
public sealed class GiftModel(GiftShelf shelf, IPublicAddresses addresses) : GiftPage(shelf)
{
    /// <summary>The link, just after it was made: it is not kept, so it is shown once.</summary>
    public string? ShareUrl { get; private set; }

    /// <summary>Another one for the same children; what the parents said in confidence is not laid open by it.</summary>
    public GiftForm Next => new(Gift.Input with { ParentNote = null }, new FieldErrors()) { IsNext = true };

    public IActionResult OnGet() => Show(GiftEndpoints.AnswerOf(Gift));

    public async Task<IActionResult> OnPostShareAsync(CancellationToken ct)
    {
        ShareUrl = addresses.Of("/shared/" + await Shelf.ShareAsync(Gift, ct)).AbsoluteUri;
        return Show(new { url = ShareUrl });
    }

    public async Task<IActionResult> OnPostUnshareAsync(CancellationToken ct)
    {
        await Shelf.UnshareAsync(Gift, ct);
        return Show(new { url = ShareUrl });
    }

    protected override Task<Gift?> FindAsync(string id, CancellationToken ct) => Shelf.FindAsync(User.UserId(), id, ct);
}
