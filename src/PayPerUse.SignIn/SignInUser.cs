namespace PayPerUse.SignIn;

/// <summary>Somebody who signed in; a table of the app's database, which other tables may refer to.</summary>
public sealed class SignInUser
{
    /// <summary>Opaque, so that credits and payments never carry an address; the claim <c>NameIdentifier</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The address, in lower case.</summary>
    public required string Email { get; init; }

    /// <summary>When they first signed in.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
