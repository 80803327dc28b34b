namespace Sinterklaas.Web.Data;

/// <summary>Somebody who signs in. The id is opaque, so that credits and payments never carry an address.</summary>
public sealed class User
{
    public required string Id { get; init; }

    public required string Email { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
