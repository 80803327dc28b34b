namespace Sinterklaas.Web.Data;

/// <summary>A mail in the local mailbox.</summary>
public sealed class StoredMail
{
    public long Id { get; init; }

    public required string To { get; init; }

    public required string Subject { get; init; }

    public required string Text { get; init; }

    public DateTimeOffset At { get; init; }
}
