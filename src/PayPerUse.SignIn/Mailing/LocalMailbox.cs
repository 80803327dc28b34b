using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.SignIn.Codes;
using PayPerUse.SignIn.Data;

namespace PayPerUse.SignIn.Mailing;

/// <summary>Keeps mails in the app's database instead of sending them: in Development, as long as <c>Smtp</c> is not configured.</summary>
public sealed class LocalMailbox
{
    private const int ReadAtMost = 50;

    private readonly ISignInContexts _contexts;
    private readonly TimeProvider _clock;
    private readonly bool _answersEveryone;

    internal LocalMailbox(
        ISignInContexts contexts,
        TimeProvider clock,
        IHostEnvironment environment,
        IOptions<SmtpOptions> smtp,
        IOptions<LocalMailboxOptions> options
    )
    {
        _contexts = contexts;
        _clock = clock;
        _answersEveryone = options.Value.AnswerEveryone;
        IsOn = environment.IsDevelopment() && string.IsNullOrWhiteSpace(smtp.Value.Host);
    }

    /// <summary>Whether mails come here; otherwise they really leave.</summary>
    public bool IsOn { get; }

    /// <summary>
    /// Whether whoever sent a request may read it: they sit at this machine, or <see cref="LocalMailboxOptions.AnswerEveryone"/>
    /// says so. Nobody may while it is off.
    /// </summary>
    /// <param name="request">The request.</param>
    public bool Answers(HttpRequest request) => IsOn && (_answersEveryone || request.IsFromThisMachine());

    /// <summary>Reads the newest mails first, at most 50.</summary>
    /// <param name="to">Whose, in any case; null for everybody's.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SignInException">The database failed.</exception>
    public Task<IReadOnlyList<LocalMail>> ReadAsync(string? to, CancellationToken cancellationToken)
    {
        var address = EmailAddress.Normalize(to);
        return _contexts.RunAsync<IReadOnlyList<LocalMail>>(async db =>
            await db.Set<LocalMail>()
                .AsNoTracking()
                .Where(m => address == null || m.To == address)
                .OrderByDescending(m => m.Id)
                .Take(ReadAtMost)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false)
        );
    }

    internal Task KeepAsync(Mail mail, CancellationToken cancellationToken) =>
        _contexts.RunAsync(db =>
        {
            db.Add(
                new LocalMail
                {
                    To = EmailAddress.Normalize(mail.To),
                    Subject = mail.Subject,
                    Text = mail.Text,
                    At = _clock.GetUtcNow(),
                }
            );
            return db.SaveChangesAsync(cancellationToken);
        });
}

/// <summary>Delivers to the local mailbox.</summary>
internal sealed class LocalMailSender(LocalMailbox mailbox) : IMailSender
{
    public Task SendAsync(Mail mail, CancellationToken cancellationToken) => mailbox.KeepAsync(mail, cancellationToken);
}
