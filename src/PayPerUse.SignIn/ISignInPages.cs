using Microsoft.AspNetCore.Http;

namespace PayPerUse.SignIn;

/// <summary>
/// The app's own pages for browsers, which are sent for GET and, with an error, after a form that was refused. The status is set
/// already; a page leaves it alone. Without an implementation sign-in speaks JSON only.
/// </summary>
public interface ISignInPages
{
    /// <summary>The page that asks for the e-mail address: a form that posts <c>email</c> and <c>returnUrl</c> to <c>/signin</c>.</summary>
    /// <param name="form">What to show.</param>
    IResult AskEmail(SignInForm form);

    /// <summary>The page that asks for the code: a form that posts <c>email</c> and <c>code</c> to <c>/signin/verify</c>.</summary>
    /// <param name="form">What to show.</param>
    IResult AskCode(SignInForm form);
}

/// <summary>A form as it is shown.</summary>
public sealed record SignInForm
{
    /// <summary>The address as it was typed, or where the code was sent.</summary>
    public string? Email { get; init; }

    /// <summary>The local address to go to afterwards.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>Why the form is shown again.</summary>
    public SignInError Error { get; init; }

    /// <summary>The same in words (<see cref="SignInOptions.ErrorText"/>); null when there is no error.</summary>
    public string? ErrorText { get; init; }

    /// <summary>When to try again, where the error is a limit.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Why a form was refused.</summary>
public enum SignInError
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>This is no e-mail address.</summary>
    InvalidEmail,

    /// <summary>No code was typed.</summary>
    MissingCode,

    /// <summary>The code is wrong, was used, has ended, or was asked for by another browser.</summary>
    WrongCode,

    /// <summary>The e-mail address or the visitor's network was sent too many codes.</summary>
    TooManyMails,

    /// <summary>Too many wrong codes were tried for the e-mail address.</summary>
    TooManyTries,

    /// <summary>The mail did not leave.</summary>
    MailFailed,
}
