using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>Keeps logs from growing for ever: folds old entries into checkpoints and deletes them, a bounded number at a time.</summary>
/// <remarks>
/// What is folded is decided by <see cref="CreditFold"/>. An account's step is one transaction that saves its checkpoint, keeps the
/// ids that live for ever, deletes exactly the folded entries and raises the account's version. Balances and times do not change.
/// </remarks>
public interface ICreditRetention
{
    /// <summary>Walks on through the accounts and trims those whose log begins before a moment.</summary>
    /// <param name="order">What to trim, and how much of it.</param>
    /// <param name="cancellationToken">Ends it between two steps; what was trimmed stays trimmed.</param>
    /// <returns>What was done. Of several hosts that ask at once one does it and the others do nothing.</returns>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    Task<CreditTrim> TrimAsync(CreditTrimOrder order, CancellationToken cancellationToken);
}

/// <summary>What to trim, and how much of it.</summary>
/// <param name="Before">Entries before this moment are folded.</param>
public sealed record CreditTrimOrder(DateTimeOffset Before)
{
    /// <summary>How many accounts are looked at, at most.</summary>
    /// <value>1000; at least 1.</value>
    public int MaxAccounts { get; init; } = 1000;

    /// <summary>How many entries are folded, about; the last step may exceed it.</summary>
    /// <value>50 000; at least 1.</value>
    public int MaxEntries { get; init; } = 50_000;

    /// <summary>How many entries of one account are folded in one transaction, for which its spends wait; at least 1.</summary>
    /// <value>2000.</value>
    public int EntriesPerStep { get; init; } = 2000;

    /// <summary>After the last account a walk begins anew, but not sooner than this after it last began.</summary>
    /// <value>1 hour.</value>
    public TimeSpan WalkInterval { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>What was trimmed.</summary>
/// <param name="Accounts">How many accounts were looked at.</param>
/// <param name="Entries">How many log entries were folded and deleted.</param>
/// <param name="Refused">Accounts that were left alone because their old entries do not add up, with what differs.</param>
public sealed record CreditTrim(int Accounts, long Entries, ImmutableArray<CreditVerdict> Refused)
{
    /// <summary>Nothing was done.</summary>
    public static CreditTrim Nothing { get; } = new(0, 0, []);
}
