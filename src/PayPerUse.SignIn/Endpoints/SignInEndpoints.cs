using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PayPerUse.SignIn.Codes;
using PayPerUse.SignIn.Sessions;

namespace PayPerUse.SignIn.Endpoints;

/// <summary>The same steps for browsers, which send forms and keep a cookie, and for scripts, which send JSON and keep a token.</summary>
internal static class SignInEndpoints
{
    public static IResult ShowEmail(HttpContext context, ISignInPages pages, TicketCookie cookie, string? returnUrl)
    {
        // A guest with a wallet is somebody too, but may sign in.
        if (context.User.HasClaim(c => c.Type == SignInDefaults.SessionClaim))
        {
            return Results.LocalRedirect(context.At("/"));
        }

        // Who asks for another code need not type the address again, and still goes back to where they were.
        var asked = cookie.Read(context);
        var form = new SignInForm { Email = asked?.Email, ReturnUrl = LocalUrl.OrNull(returnUrl) ?? asked?.ReturnUrl };
        return pages.AskEmail(form);
    }

    public static IResult ShowCode(HttpContext context, ISignInPages pages, TicketCookie cookie) =>
        cookie.Read(context) is { } asked
            ? pages.AskCode(new SignInForm { Email = asked.Email, ReturnUrl = asked.ReturnUrl })
            : Results.LocalRedirect(context.At(SignInDefaults.SignInPath));

    public static async Task<IResult> AskAsync(
        HttpContext context,
        SignInCodes codes,
        TicketCookie cookie,
        SignInRefusal refusal
    )
    {
        var (input, unread) = await SignInInput.ReadAsync(context).ConfigureAwait(false);
        if (input is null)
        {
            return unread!;
        }

        var form = new SignInForm { Email = input.Email, ReturnUrl = LocalUrl.OrNull(input.ReturnUrl) };
        Func<SignInForm, IResult>? page = input.Pages is { } pages ? pages.AskEmail : null;
        if (!EmailAddress.IsValid(form.Email))
        {
            return refusal.Of(context, form with { Error = SignInError.InvalidEmail }, page);
        }

        try
        {
            var sent = await codes
                .SendAsync(form.Email, context.Connection.RemoteIpAddress, context.RequestAborted)
                .ConfigureAwait(false);
            if (sent.Ticket is null)
            {
                return refusal.Of(
                    context,
                    form with
                    {
                        Error = SignInError.TooManyMails,
                        RetryAfter = sent.RetryAfter,
                    },
                    page
                );
            }

            // The ticket ties the code to whoever asked: browsers have it in the cookie, others send it back in "ticket".
            cookie.Write(context, new SignInAsked(form.Email, sent.Ticket, form.ReturnUrl));
            return page is null
                ? Results.Ok(new { email = form.Email, ticket = sent.Ticket })
                : Results.LocalRedirect(context.At(SignInDefaults.VerifyPath));
        }
        catch (SignInMailException e)
        {
            return refusal.MailFailed(context, form, page, e);
        }
    }

    public static async Task<IResult> VerifyAsync(
        HttpContext context,
        SignInCodes codes,
        TicketCookie cookie,
        SessionStart start,
        SignInRefusal refusal,
        IOptions<SignInOptions> options
    )
    {
        var (input, unread) = await SignInInput.ReadAsync(context).ConfigureAwait(false);
        if (input is null)
        {
            return unread!;
        }

        var asked = cookie.Read(context);
        var form = new SignInForm { Email = input.Email, ReturnUrl = asked?.ReturnUrl };
        Func<SignInForm, IResult>? page = input.Pages is { } pages ? pages.AskCode : null;
        if (!EmailAddress.IsValid(form.Email))
        {
            return refusal.Of(context, form with { Error = SignInError.InvalidEmail }, page);
        }

        if (string.IsNullOrEmpty(input.Code))
        {
            return refusal.Of(context, form with { Error = SignInError.MissingCode }, page);
        }

        var tried = await codes
            .TryAsync(form.Email, input.Code, input.Ticket ?? asked?.Ticket, context.RequestAborted)
            .ConfigureAwait(false);
        if (tried.User is null)
        {
            var error = tried.RetryAfter is null ? SignInError.WrongCode : SignInError.TooManyTries;
            return refusal.Of(context, form with { Error = error, RetryAfter = tried.RetryAfter }, page);
        }

        cookie.Delete(context);
        if (page is null)
        {
            var (accessToken, time) = await start
                .WithTokenAsync(tried.User, context.RequestAborted)
                .ConfigureAwait(false);
            return Results.Ok(
                new
                {
                    tokenType = "Bearer",
                    accessToken,
                    expiresIn = (long)time.TotalSeconds,
                }
            );
        }

        await start.WithCookieAsync(context, tried.User).ConfigureAwait(false);
        var to = form.ReturnUrl ?? "/";
        if (options.Value.RedirectAfterSignIn is { } redirect)
        {
            to = await redirect(context, to).ConfigureAwait(false);
        }

        return Results.LocalRedirect(context.At(to));
    }

    public static async Task<IResult> SignOutAsync(HttpContext context, SignInSessions sessions)
    {
        await sessions.EndAsync(context.User, context.RequestAborted).ConfigureAwait(false);
        await context.SignOutAsync(SignInDefaults.CookieScheme).ConfigureAwait(false);
        return context.Request.AcceptsPage() ? Results.LocalRedirect(context.At("/")) : Results.NoContent();
    }

    private static string At(this HttpContext context, string path) => context.Request.PathBase + path;
}
