using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>Merges accounts, and tells which were merged. A store that can implements it; see <see cref="CreditLedger.MergeAsync"/>.</summary>
/// <remarks>
/// What a merge does is told once, by <see cref="CreditMerge"/>. A store loads both accounts, held in ordinal order, and saves both
/// changes in one transaction.
/// </remarks>
public interface ICreditMerger
{
    /// <summary>Merges one account into another.</summary>
    /// <param name="source">The account to close; it may have no row yet, and then gets one, closed, so that late money follows.</param>
    /// <param name="target">The account that takes it over; it may have no row yet.</param>
    /// <param name="policy">The numbers to follow.</param>
    /// <param name="cancellationToken">Ends the wait; a merge that was begun may still be done.</param>
    /// <exception cref="ArgumentException">The accounts are the same, or hold different types of credits.</exception>
    /// <exception cref="CreditStoreException">The store did not answer; the same merge may be asked for again.</exception>
    Task<CreditMergeResult> MergeAsync(
        AccountId source,
        AccountId target,
        CreditPolicy policy,
        CancellationToken cancellationToken
    );

    /// <summary>Finds the account that another was merged into, one step.</summary>
    /// <param name="account">Which account.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The account it was merged into; null when it is open or has no row.</returns>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    Task<AccountId?> FindMergedIntoAsync(AccountId account, CancellationToken cancellationToken);

    /// <summary>Finds the accounts that were merged into any of these, one step, in ordinal order.</summary>
    /// <param name="accounts">Which accounts.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    Task<ImmutableArray<AccountId>> FindMergedAsync(
        IReadOnlyCollection<AccountId> accounts,
        int limit,
        CancellationToken cancellationToken
    );
}
