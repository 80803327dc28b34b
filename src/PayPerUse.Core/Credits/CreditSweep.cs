using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PayPerUse.Diagnostics;

namespace PayPerUse.Credits;

/// <summary>Performs what fell due on accounts that nobody touches (lapses and expiries), and trims their logs.</summary>
/// <remarks>
/// Readers and rules never need it: both see due things as gone. It only makes the log tell so in time. What one host has
/// settled is no longer due for another.
/// </remarks>
/// <param name="ledger">Where it is performed.</param>
/// <param name="due">Finds the accounts; null when the store cannot tell, and then nothing is swept.</param>
/// <param name="options">How many accounts at once, and how long logs are kept.</param>
/// <param name="retention">Trims logs; null when the store cannot, and then they are kept for ever.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of accounts that it leaves alone.</param>
public sealed class CreditSweep(
    CreditLedger ledger,
    IOptions<PayPerUseOptions> options,
    IDueCredits? due = null,
    ICreditRetention? retention = null,
    TimeProvider? clock = null,
    ILogger<CreditSweep>? logger = null
)
{
    // A look at an account is one look-up, while settling one is a command.
    private const int LooksPerAccount = 10;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly ILogger _logger = logger ?? NullLogger<CreditSweep>.Instance;
    private bool _isWarned;

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

    /// <summary>Walks on through the accounts and trims logs that are longer than the options keep, a bounded piece.</summary>
    /// <param name="cancellationToken">Ends the walk between two steps.</param>
    /// <returns>How many log entries were folded and deleted.</returns>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    public async Task<long> TrimAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Retention.Kept is not { } kept)
        {
            return 0;
        }

        if (!_isWarned && !ledger.IsTrimmedBy(retention))
        {
            _isWarned = true;
            CreditLog.CannotTrim(_logger, ledger.StoreName);
        }

        if (retention is null)
        {
            return 0;
        }

        var order = new CreditTrimOrder(_clock.GetUtcNow() - kept)
        {
            MaxAccounts = options.Value.Sweep.BatchSize * LooksPerAccount,
        };
        var trim = await retention.TrimAsync(order, cancellationToken).ConfigureAwait(false);
        foreach (var verdict in trim.Refused)
        {
            CreditLog.TrimRefused(_logger, verdict.Account, verdict.Findings[0]);
        }

        return trim.Entries;
    }
}
