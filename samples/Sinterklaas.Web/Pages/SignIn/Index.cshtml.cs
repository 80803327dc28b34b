using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Sinterklaas.Web.Mail;
using Sinterklaas.Web.SignIn;
using Sinterklaas.Web.Site;

namespace Sinterklaas.Web.Pages;

public sealed class SignInModel(SignInCodes codes, SignInCookie cookie, SignInTexts texts) : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public SignInForm Form => new(Email, ReturnUrl, _error);

    private string? _error;

    public IActionResult OnGet() => User.Identity?.IsAuthenticated == true ? LocalRedirect("/") : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Email = EmailAddress.Normalize(Email);
        if (!EmailAddress.IsValid(Email))
        {
            return Refuse(StatusCodes.Status400BadRequest, texts.BadEmail);
        }

        try
        {
            var sent = await codes.SendAsync(Email, HttpContext.Connection.RemoteIpAddress, ct);
            if (sent.Ticket is null)
            {
                Problems.RetryAfter(HttpContext, sent.RetryAfter);
                return Refuse(StatusCodes.Status429TooManyRequests, texts.TooManyMails);
            }

            cookie.Write(HttpContext, new SignInAsked(Email, sent.Ticket, ReturnUrl));
            return LocalRedirect("/signin/verify");
        }
        catch (MailFailedException)
        {
            Problems.RetryAfter(HttpContext, wait: null);
            return Refuse(StatusCodes.Status503ServiceUnavailable, texts.MailFailed);
        }
    }

    private PageResult Refuse(int status, string error)
    {
        Response.StatusCode = status;
        _error = error;
        return Page();
    }
}
