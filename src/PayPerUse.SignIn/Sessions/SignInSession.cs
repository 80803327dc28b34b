namespace PayPerUse.SignIn.Sessions;

/// <summary>One browser or front end that is signed in. Signing out deletes it, on whichever host.</summary>
internal sealed class SignInSession
{
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
