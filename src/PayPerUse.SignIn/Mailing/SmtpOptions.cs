using MailKit.Security;

namespace PayPerUse.SignIn.Mailing;

/// <summary>The server that mails leave by. Bound from the section <c>Smtp</c>.</summary>
public sealed class SmtpOptions
{
    /// <summary>The server's name.</summary>
    /// <value>Empty: mails stay in the local mailbox, in Development only.</value>
    public string Host { get; set; } = "";

    /// <summary>The server's port.</summary>
    /// <value>587; 1 to 65535.</value>
    public int Port { get; set; } = 587;

    /// <summary>How the connection is protected. <c>None</c> is for a relay on this machine.</summary>
    /// <value><c>StartTls</c>.</value>
    public SecureSocketOptions Security { get; set; } = SecureSocketOptions.StartTls;

    /// <summary>Who signs in at the server.</summary>
    /// <value>null: nobody.</value>
    public string? User { get; set; }

    /// <summary>The user's password. A secret.</summary>
    public string? Password { get; set; }

    /// <summary>The sender, such as <c>Sinterklaas &lt;post@sint.example&gt;</c>.</summary>
    /// <value>Empty; required with <see cref="Host"/>.</value>
    public string From { get; set; } = "";
}
