using Sinterklaas.Web.Mail;

namespace Sinterklaas.Web.Pages;

/// <summary>The local mailbox for people; <c>GET /dev/mail</c> is for scripts.</summary>
public sealed class MailboxModel(IServiceProvider services) : PageModel
{
    public IReadOnlyList<StoredMail> Mails { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (services.GetService<LocalMailbox>() is not { } mailbox || !HttpContext.CanReadMailbox())
        {
            return NotFound();
        }

        Mails = await mailbox.ReadAsync(to: null, ct);
        return Page();
    }
}
