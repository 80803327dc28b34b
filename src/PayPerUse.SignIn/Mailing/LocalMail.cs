namespace PayPerUse.SignIn.Mailing;

/// <summary>A mail in the local mailbox.</summary>
public sealed class LocalMail
{
    internal long Id { get; init; }

    /// <summary>The address, in lower case.</summary>
    public required string To { get; init; }

    /// <summary>The subject.</summary>
    public required string Subject { get; init; }

    /// <summary>What it says.</summary>
    public required string Text { get; init; }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset At { get; init; }
}
