using System.ComponentModel.DataAnnotations;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Sinterklaas.Web.Mail;

public sealed class SmtpOptions
{
    [Required]
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>How the connection is protected. StartTls by default; None is for a relay on this machine.</summary>
    public SecureSocketOptions Security { get; set; } = SecureSocketOptions.StartTls;

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>The sender, such as <c>Sinterklaas &lt;post@sint.example&gt;</c>.</summary>
    [Required]
    public string From { get; set; } = "";
}

/// <summary>Sends mails with MailKit: a connection for each, since a code is mailed now and then.</summary>
public sealed class SmtpMailSender(IOptions<SmtpOptions> options) : IMailSender
{
    public async Task SendAsync(Mail mail, CancellationToken ct)
    {
        var smtp = options.Value;
        using var message = new MimeMessage
        {
            Subject = mail.Subject,
            Body = new TextPart("plain") { Text = mail.Text },
        };
        message.From.Add(MailboxAddress.Parse(smtp.From));
        message.To.Add(new MailboxAddress(null, mail.To));
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(ct);
        inTime.CancelAfter(TimeSpan.FromSeconds(15));
        using var client = new SmtpClient();
        try
        {
            await client.ConnectAsync(smtp.Host, smtp.Port, smtp.Security, inTime.Token);
            if (!string.IsNullOrEmpty(smtp.User))
            {
                await client.AuthenticateAsync(smtp.User, smtp.Password ?? "", inTime.Token);
            }

            await client.SendAsync(message, inTime.Token);
            await client.DisconnectAsync(quit: true, inTime.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            throw new MailFailedException($"{smtp.Host}:{smtp.Port} did not take the mail.", e);
        }
    }
}
