using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>What a store must save for one account, in one transaction.</summary>
public sealed record CreditAccountChange
{
    /// <summary>The account as it was loaded; its version guards stores that do not lock.</summary>
    public required CreditAccount Before { get; init; }

    /// <summary>The account to save. The same instance as <see cref="Before"/> when nothing changed.</summary>
    public required CreditAccount After { get; init; }

    /// <summary>Grants to insert or update.</summary>
    public required ImmutableArray<CreditGrant> Grants { get; init; }

    /// <summary>Reservations to insert or update.</summary>
    public required ImmutableArray<CreditReservation> Reservations { get; init; }

    /// <summary>Log entries to append.</summary>
    public required ImmutableArray<CreditEntry> Entries { get; init; }

    /// <summary>Whether there is anything to save.</summary>
    public bool IsChanged => !ReferenceEquals(Before, After);
}
