using Microsoft.AspNetCore.Mvc.Filters;

namespace Sinterklaas.Web.Pages;

/// <summary>What was made, for its owner: to read or hear again, to share by a link, and to take that link back.</summary>
[Authorize]
public abstract class GiftModel(GiftKind kind, GiftShelf shelf) : PageModel
{
    public Gift Gift { get; private set; } = null!;

    /// <summary>The link, just after it was made: it is not kept, so it is shown once.</summary>
    public string? ShareUrl { get; private set; }

    /// <summary>Another one for the same children; what the parents said in confidence is not laid open by it.</summary>
    public GiftForm Next =>
        new(Gift.Input with { ParentNote = null }, new Dictionary<string, string[]>()) { IsNext = true };

    public Task<IActionResult> OnGetAsync(string id, CancellationToken ct) =>
        FindAsync(id, () => Task.FromResult(GiftEndpoints.AnswerOf(Gift)), ct);

    public Task<IActionResult> OnPostShareAsync(string id, CancellationToken ct) =>
        FindAsync(
            id,
            async () =>
            {
                var token = await shelf.ShareAsync(Gift, ct);
                ShareUrl = $"{Request.Scheme}://{Request.Host}/shared/{token}";
                return new { url = ShareUrl };
            },
            ct
        );

    public Task<IActionResult> OnPostUnshareAsync(string id, CancellationToken ct) =>
        FindAsync(
            id,
            async () =>
            {
                await shelf.UnshareAsync(Gift, ct);
                return new { url = (string?)null };
            },
            ct
        );

    /// <summary>Only what these pages offer: anything else has no gift to show.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerMethod is null)
        {
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
        }
    }

    private async Task<IActionResult> FindAsync(string id, Func<Task<object>> act, CancellationToken ct)
    {
        if (await shelf.FindAsync(User.UserId(), kind, id, ct) is not { } found)
        {
            return NotFound();
        }

        Gift = found;
        var answer = await act();
        return Request.AcceptsPage() ? Page() : new JsonResult(answer);
    }
}

public sealed class LetterModel(GiftShelf shelf) : GiftModel(GiftKind.Letter, shelf);

public sealed class AudioModel(GiftShelf shelf) : GiftModel(GiftKind.Audio, shelf);

/// <summary>The same for whoever has the link: without the parents' note, and without a way to anything else that was made.</summary>
public sealed class SharedGiftModel(GiftShelf shelf) : PageModel
{
    public Gift Gift { get; private set; } = null!;

    /// <summary>Only what these pages offer: anything else has no gift to show.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerMethod is null)
        {
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
        }
    }

    public async Task<IActionResult> OnGetAsync(string token, CancellationToken ct)
    {
        if (await shelf.FindSharedAsync(token, ct) is not { } found)
        {
            return NotFound();
        }

        Response.MarkAsShared();
        Gift = found;
        return Request.AcceptsPage() ? Page() : new JsonResult(new { found.Text });
    }
}
