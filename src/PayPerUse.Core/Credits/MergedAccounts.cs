using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>Follows merges: where an account's credits went, and whose came to it.</summary>
public static class MergedAccounts
{
    // Each step is somebody who made a new account and merged the old one into it.
    private const int MaxSteps = 32;
    private const int MaxMerged = 1000;

    /// <summary>
    /// Submits a command for whatever account a payment's credits are on now: its own, or the one that was merged into. Only for
    /// commands of payments: nobody may spend on an account that was not named.
    /// </summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="account">Whose payment it is.</param>
    /// <param name="command">Makes the command, with the same id whichever account it is for.</param>
    internal static async Task<CreditResult> FollowAsync(
        this CreditLedger ledger,
        AccountId account,
        Func<AccountId, CreditCommand> command
    )
    {
        var result = await ledger.SubmitAsync(command(account)).ConfigureAwait(false);
        for (var step = 0; step < MaxSteps && result is { Status: CreditStatus.Merged, MergedInto: { } into }; step++)
        {
            result = await ledger.SubmitAsync(command(into)).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Finds where an account's credits are: the account itself while it is open.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="account">Which account.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CreditStoreException">The store could not answer in time.</exception>
    public static async Task<AccountId> FindCurrentAsync(
        this CreditLedger ledger,
        AccountId account,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(ledger);
        for (var step = 0; step < MaxSteps; step++)
        {
            if (await ledger.FindMergedIntoAsync(account, cancellationToken).ConfigureAwait(false) is not { } into)
            {
                break;
            }

            account = into;
        }

        return account;
    }

    /// <summary>
    /// Finds every account whose credits came to this one, however many steps; at most 1000. The store is asked once for each step, not
    /// for each account.
    /// </summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="account">Which account; not in the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CreditStoreException">The store could not answer in time.</exception>
    public static async Task<ImmutableArray<AccountId>> FindAllMergedAsync(
        this CreditLedger ledger,
        AccountId account,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var found = ImmutableArray.CreateBuilder<AccountId>();
        ImmutableArray<AccountId> step = [account];
        while (!step.IsEmpty && found.Count < MaxMerged)
        {
            step = await ledger.FindMergedAsync(step, MaxMerged - found.Count, cancellationToken).ConfigureAwait(false);
            found.AddRange(step);
        }

        return found.ToImmutable();
    }
}
