namespace PayPerUse.SignIn.Mailing;

/// <summary>
/// Sends the app's mails: by SMTP where it is configured, in Development to the <see cref="LocalMailbox"/>. Added by
/// <c>AddMailSender</c>; an implementation of the app's own, added before it, sends in another way.
/// </summary>
public interface IMailSender
{
    /// <summary>Sends a mail.</summary>
    /// <param name="mail">What, and to whom.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SignInMailException">The mail was not accepted for delivery.</exception>
    /// <exception cref="SignInException">The database of the local mailbox failed.</exception>
    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}

/// <summary>A mail in plain text to one person.</summary>
/// <param name="To">The address, without a name.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">What it says.</param>
public sealed record Mail(string To, string Subject, string Text);
