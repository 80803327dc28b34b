namespace PayPerUse.SignIn.Mailing;

/// <summary>Who may read the local mailbox. Bound from the section <c>LocalMailbox</c>.</summary>
public sealed class LocalMailboxOptions
{
    /// <summary>
    /// Lets whoever reaches the app read all mails, codes included. It gives up that only this machine does, directly, without a
    /// proxy.
    /// </summary>
    /// <value>false.</value>
    public bool AnswerEveryone { get; set; }
}
