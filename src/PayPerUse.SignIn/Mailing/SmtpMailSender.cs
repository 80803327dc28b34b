using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;

namespace PayPerUse.SignIn.Mailing;

/// <summary>Sends with MailKit: a connection for each mail, since mails leave now and then.</summary>
internal sealed class SmtpMailSender(IOptions<SmtpOptions> options) : IMailSender
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        var smtp = options.Value;
        using var message = new MimeMessage
        {
            Subject = mail.Subject,
            Body = new TextPart("plain") { Text = mail.Text },
        };
        message.From.Add(MailboxAddress.Parse(smtp.From));
        message.To.Add(new MailboxAddress(null, mail.To));
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        inTime.CancelAfter(Patience);
        using var client = new SmtpClient();
        try
        {
            await client.ConnectAsync(smtp.Host, smtp.Port, smtp.Security, inTime.Token).ConfigureAwait(false);
            if (!string.IsNullOrEmpty(smtp.User))
            {
                await client.AuthenticateAsync(smtp.User, smtp.Password ?? "", inTime.Token).ConfigureAwait(false);
            }

            await client.SendAsync(message, inTime.Token).ConfigureAwait(false);
            await client.DisconnectAsync(quit: true, inTime.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SignInMailException($"{smtp.Host}:{smtp.Port} did not take the mail.", e);
        }
    }
}
