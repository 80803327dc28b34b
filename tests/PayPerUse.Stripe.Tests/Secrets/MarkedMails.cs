using System.Collections.Concurrent;
using PayPerUse.SignIn;

namespace PayPerUse.Stripe.Tests.Secrets;

/// <summary>The one place where a code may be read: the customer's mailbox.</summary>
internal sealed class MarkedMails : ISignInMailer
{
    public ConcurrentQueue<SignInMail> Sent { get; } = new();

    public bool IsDown { get; set; }

    public Task SendAsync(SignInMail mail, CancellationToken cancellationToken)
    {
        Sent.Enqueue(mail);
        return IsDown ? throw new SignInMailException("The mail server refused.") : Task.CompletedTask;
    }
}
