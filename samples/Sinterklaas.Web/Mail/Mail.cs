namespace Sinterklaas.Web.Mail;

public sealed record Mail(string To, string Subject, string Text);

public interface IMailSender
{
    /// <exception cref="MailFailedException">The mail was not accepted for delivery.</exception>
    Task SendAsync(Mail mail, CancellationToken ct);
}

public sealed class MailFailedException(string message, Exception inner) : Exception(message, inner);
