using Microsoft.Extensions.Options;

namespace PayPerUse.Credits;

/// <summary>Performs what fell due on accounts that nobody touches: lapses and expiries.</summary>
/// <remarks>
/// Readers and rules never need it: both see due things as gone. It only makes the log tell so in time. What one host has
/// settled is no longer due for another.
/// </remarks>
/// <param name="ledger">Where it is performed.</param>
/// <param name="due">Finds the accounts; null when the store cannot tell, and then nothing is swept.</param>
/// <param name="options">How many accounts at once.</param>
public sealed class CreditSweep(CreditLedger ledger, IOptions<PayPerUseOptions> options, IDueCredits? due = null)
{
    /// <summary>Looks once, at no more accounts than the option says.</summary>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <returns>How many accounts were settled.</returns>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        if (due is null)
        {
            return 0;
        }

        var accounts = await due.FindDueAsync(options.Value.Sweep.BatchSize, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(accounts.Select(a => ledger.SubmitAsync(CreditCommand.Settle(a), cancellationToken)))
            .ConfigureAwait(false);
        return accounts.Length;
    }
}
