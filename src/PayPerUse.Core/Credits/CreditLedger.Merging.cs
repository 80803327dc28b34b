using System.Collections.Immutable;

namespace PayPerUse.Credits;

public sealed partial class CreditLedger
{
    // A target that was itself merged is followed; longer chains than this are no accident of people.
    private const int MaxTargets = 32;

    /// <summary>
    /// Merges one account into another: a guest's into the one it signed in to. The source is closed for ever, its credits, grants
    /// and debt are the target's, and late money of its payments follows. Asked for again, it answers that it is done.
    /// </summary>
    /// <param name="source">The account to close.</param>
    /// <param name="target">
    /// The account that takes it over. When that was merged itself, the one it was merged into does.
    /// </param>
    /// <param name="cancellationToken">Gives up; a merge that was begun may still be done.</param>
    /// <exception cref="ArgumentException">The accounts are the same, or hold different types of credits.</exception>
    /// <exception cref="NotSupportedException">The store is no <see cref="ICreditMerger"/>.</exception>
    /// <exception cref="CreditStoreException">The store could not answer in time; the same merge may be asked for again.</exception>
    public async Task<CreditMergeResult> MergeAsync(
        AccountId source,
        AccountId target,
        CancellationToken cancellationToken = default
    )
    {
        CreditMerge.Demand(source, target);
        if (_store is not ICreditMerger merger)
        {
            throw new NotSupportedException(
                $"{_store.GetType().Name} cannot merge accounts; let it implement {nameof(ICreditMerger)}."
            );
        }

        for (var hop = 0; ; hop++)
        {
            var result = await InTimeAsync(
                    token => merger.MergeAsync(source, target, _policy, token),
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (
                result is not { Status: CreditMergeStatus.TargetClosed, MergedInto: { } beyond }
                || beyond == source
                || hop == MaxTargets
            )
            {
                return await FinishMergeAsync(source, target, result, cancellationToken).ConfigureAwait(false);
            }

            target = beyond;
        }
    }

    private async Task<CreditMergeResult> FinishMergeAsync(
        AccountId source,
        AccountId target,
        CreditMergeResult result,
        CancellationToken cancellationToken
    )
    {
        if (result.Succeeded)
        {
            Tell(source);
            Tell(target);
            return result;
        }

        if (result.Status != CreditMergeStatus.SourceClosed)
        {
            return result;
        }

        // Whoever merged it first into what is the same account by now wanted the same.
        var current = await this.FindCurrentAsync(source, cancellationToken).ConfigureAwait(false);
        return current == await this.FindCurrentAsync(target, cancellationToken).ConfigureAwait(false)
            ? new CreditMergeResult(CreditMergeStatus.AlreadyMerged, current)
            : result;
    }

    /// <summary>Finds the account that another was merged into, one step.</summary>
    /// <param name="account">Which account.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The account it was merged into; null when it is open, has no row, or the store merges none.</returns>
    /// <exception cref="CreditStoreException">The store could not answer in time.</exception>
    public Task<AccountId?> FindMergedIntoAsync(AccountId account, CancellationToken cancellationToken = default)
    {
        ThrowIfDefault(account);
        return _store is ICreditMerger merger
            ? InTimeAsync(token => merger.FindMergedIntoAsync(account, token), cancellationToken)
            : Task.FromResult<AccountId?>(null);
    }

    /// <summary>Finds the accounts that were merged into any of these, one step, in ordinal order.</summary>
    /// <param name="accounts">Which accounts.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CreditStoreException">The store could not answer in time.</exception>
    public Task<ImmutableArray<AccountId>> FindMergedAsync(
        IReadOnlyCollection<AccountId> accounts,
        int limit,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(accounts);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        foreach (var account in accounts)
        {
            ThrowIfDefault(account);
        }

        return _store is ICreditMerger merger
            ? InTimeAsync(token => merger.FindMergedAsync(accounts, limit, token), cancellationToken)
            : Task.FromResult(ImmutableArray<AccountId>.Empty);
    }
}
