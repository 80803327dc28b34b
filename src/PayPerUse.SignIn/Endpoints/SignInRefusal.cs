using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Http;

namespace PayPerUse.SignIn.Endpoints;

/// <summary>Says no: the form again for a browser, a problem for a script.</summary>
internal sealed class SignInRefusal(IOptions<SignInOptions> options, ILogger<SignInRefusal> logger)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    public IResult Of(HttpContext context, SignInForm form, Func<SignInForm, IResult>? page)
    {
        if (form.Error is SignInError.TooManyMails or SignInError.TooManyTries)
        {
            SignInLog.Limited(logger, form.Error, form.RetryAfter);
        }

        var text = options.Value.ErrorText?.Invoke(context, form.Error) ?? SignInErrorTexts.Of(form.Error);
        return page is null
            ? ProblemOf(form, text)
            : new RefusedPage(StatusOf(form.Error), form.RetryAfter, page(form with { ErrorText = text }));
    }

    public IResult MailFailed(
        HttpContext context,
        SignInForm form,
        Func<SignInForm, IResult>? page,
        SignInMailException e
    )
    {
        SignInLog.MailFailed(logger, e);
        return Of(context, form with { Error = SignInError.MailFailed, RetryAfter = Soon }, page);
    }

    public IResult StoreFailed(HttpContext context, SignInException e, bool mayHaveHappened)
    {
        SignInLog.StoreFailed(logger, e);
        if (!context.Request.HasFormContentType && !context.Request.AcceptsPage())
        {
            return Unavailable("Sign-in does not work now. Try again in a minute.", Soon, mayHaveHappened);
        }

        // No body: the app's own page, where it has one.
        TellWait(context.Response, Soon);
        return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    private static int StatusOf(SignInError error) =>
        error switch
        {
            SignInError.TooManyMails or SignInError.TooManyTries => StatusCodes.Status429TooManyRequests,
            SignInError.MailFailed => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status400BadRequest,
        };

    private static IResult ProblemOf(SignInForm form, string text) =>
        form.Error switch
        {
            SignInError.InvalidEmail => ApiProblem.Invalid("email", text),
            SignInError.MissingCode => ApiProblem.Invalid("code", text),
            SignInError.WrongCode => ApiProblem.Invalid("code", text, "wrong-code"),
            SignInError.MailFailed => Unavailable(text, form.RetryAfter ?? Soon, false),
            _ => ApiProblem.Create(StatusOf(form.Error), "rate-limited", "Too many tries", text, form.RetryAfter),
        };

    private static IResult Unavailable(string text, TimeSpan wait, bool mayHaveHappened) =>
        ApiProblem.Unavailable("unavailable", text, wait, mayHaveHappened);

    private static void TellWait(HttpResponse response, TimeSpan wait)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The form again, with the status and the wait that a script would be told.</summary>
    private sealed class RefusedPage(int status, TimeSpan? wait, IResult page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            if (wait is { } time)
            {
                TellWait(httpContext.Response, time);
            }

            return page.ExecuteAsync(httpContext);
        }
    }
}
