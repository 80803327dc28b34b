namespace PayPerUse.SignIn.Codes;

/// <summary>A code that was mailed. Only the newest one of an address counts.</summary>
internal sealed class SignInCode
{
    public long Id { get; init; }

    public required string Email { get; init; }

    /// <summary>Names the browser that asked: the hash of a secret which only its cookie holds.</summary>
    public required string TicketHash { get; init; }

    /// <summary>Keyed with the browser's secret, so that the six digits cannot be found by trying them all on a stolen table.</summary>
    public required string CodeHash { get; init; }

    public int Tries { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }
}
