using System.Globalization;

namespace PayPerUse.SignIn;

/// <summary>
/// Writes and sends the mail with a code: the app's own, or the one that <c>AddMailSender</c> adds. Without either <c>MapSignIn</c>
/// fails.
/// </summary>
public interface ISignInMailer
{
    /// <summary>Sends a code.</summary>
    /// <param name="mail">What to send, and to whom.</param>
    /// <param name="cancellationToken">Ends when the visitor leaves.</param>
    /// <exception cref="SignInMailException">The mail was not accepted for delivery; the visitor is told to try again.</exception>
    Task SendAsync(SignInMail mail, CancellationToken cancellationToken);
}

/// <summary>A code on its way to somebody.</summary>
/// <param name="Email">The address, checked and in lower case.</param>
/// <param name="Code">Six digits. A secret: never in a log.</param>
/// <param name="CodeTime">How long the code works.</param>
/// <param name="Language">The visitor's language: the request's <see cref="CultureInfo.CurrentUICulture"/>.</param>
public sealed record SignInMail(string Email, string Code, TimeSpan CodeTime, CultureInfo Language);
