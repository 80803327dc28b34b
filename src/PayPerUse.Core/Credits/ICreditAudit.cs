using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>Reads everything a store keeps, for <see cref="CreditLedger.VerifyAsync"/>, while the system runs.</summary>
/// <remarks>A store only reads here; what must hold is told once, by <see cref="CreditVerification"/>.</remarks>
public interface ICreditAudit
{
    /// <summary>Reads a page of accounts as of one moment.</summary>
    /// <param name="after">Where the page before ended (<see cref="ICreditAuditPage.Next"/>); null begins.</param>
    /// <param name="limit">
    /// How many accounts about; at least 1. A page may end sooner, and should where its accounts have many grants, reservations or
    /// known ids, which are held together.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The page, which may hold a snapshot open until it is disposed.</returns>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    Task<ICreditAuditPage> ReadPageAsync(string? after, int limit, CancellationToken cancellationToken);
}

/// <summary>Some accounts and their logs, all as of one moment for each account.</summary>
public interface ICreditAuditPage : IAsyncDisposable
{
    /// <summary>The accounts, each once: those with a row, and those of which only a grant or an open reservation is left.</summary>
    ImmutableArray<CreditAuditAccount> Accounts { get; }

    /// <summary>Where the next page begins; null when this is the last.</summary>
    string? Next { get; }

    /// <summary>
    /// Reads the logs of the page's accounts after their checkpoints, and of any account in between of which only the log is left: account by account,
    /// each in order of sequence, never more of it in memory than a bounded piece.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    IAsyncEnumerable<CreditAuditLine> ReadLogAsync(CancellationToken cancellationToken);
}

/// <summary>One account as it is kept.</summary>
/// <param name="Account">The account as it is stored, readable as an <see cref="AccountId"/> or not.</param>
public sealed record CreditAuditAccount(string Account)
{
    /// <summary>Its row, without grants and reservations; null when there is none.</summary>
    public CreditAccount? Row { get; init; }

    /// <summary>All of its grants, used up or not.</summary>
    public ImmutableArray<CreditGrant> Grants { get; init; } = [];

    /// <summary>Its open reservations.</summary>
    public ImmutableArray<CreditReservation> Open { get; init; } = [];

    /// <summary>What became of its oldest log entries; null when none were deleted.</summary>
    public CreditCheckpoint? Checkpoint { get; init; }

    /// <summary>Operation ids for which more than one log entry is an idempotency key.</summary>
    public ImmutableArray<string> RepeatedIds { get; init; } = [];

    /// <summary>What is wrong in the store's own way of keeping it, such as a value that cannot be read.</summary>
    public ImmutableArray<string> Oddities { get; init; } = [];
}

/// <summary>One line of a log as it is kept.</summary>
/// <param name="Account">The account as it is stored.</param>
/// <param name="Sequence">The account's counter.</param>
/// <param name="Entry">The entry; null when it cannot be read.</param>
/// <param name="Error">Why it cannot be read.</param>
public readonly record struct CreditAuditLine(string Account, long Sequence, CreditEntry? Entry, string? Error = null)
{
    /// <summary>
    /// No line, but the account read anew because its oldest entries were deleted while it was read: its log is told from the
    /// beginning again, and what was told of it before no longer counts. Only a store that reads without snapshots needs it.
    /// </summary>
    public CreditAuditAccount? Anew { get; init; }
}
