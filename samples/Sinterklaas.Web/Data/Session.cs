namespace Sinterklaas.Web.Data;

/// <summary>One browser or front end that is signed in. Signing out deletes it, on whichever host.</summary>
public sealed class Session
{
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
