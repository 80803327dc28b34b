using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Sinterklaas.Web.SignIn;
using Sinterklaas.Web.Site;

namespace Sinterklaas.Web.Pages;

public sealed class VerifyModel(SignInCodes codes, SignInCookie cookie, SignedIn signedIn, SignInTexts texts)
    : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    public string? Error { get; private set; }

    public IActionResult OnGet()
    {
        Email = cookie.Read(HttpContext)?.Email;
        return Email is null ? LocalRedirect("/signin") : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        Email = EmailAddress.Normalize(Email);
        Code = Code?.Trim();
        if (!EmailAddress.IsValid(Email))
        {
            return Refuse(StatusCodes.Status400BadRequest, texts.BadEmail);
        }

        if (string.IsNullOrEmpty(Code))
        {
            return Refuse(StatusCodes.Status400BadRequest, texts.NoCode);
        }

        var asked = cookie.Read(HttpContext);
        var tried = await codes.TryAsync(Email, Code, asked?.Ticket, ct);
        if (tried.RetryAfter is not null)
        {
            Problems.RetryAfter(HttpContext, tried.RetryAfter);
            return Refuse(StatusCodes.Status429TooManyRequests, texts.TooManyTries);
        }

        if (tried.User is null)
        {
            return Refuse(StatusCodes.Status400BadRequest, texts.WrongCode);
        }

        cookie.Delete(HttpContext);
        await signedIn.WithCookieAsync(HttpContext, tried.User);
        return LocalRedirect(Url.IsLocalUrl(asked?.ReturnUrl) ? asked.ReturnUrl : "/");
    }

    private PageResult Refuse(int status, string error)
    {
        Response.StatusCode = status;
        Error = error;
        return Page();
    }
}
