using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Charging;

/// <summary>Commits or releases what was reserved. Never with the request's token: a client that leaves decides nothing here.</summary>
internal sealed class Settlement(CreditLedger ledger, ILogger<Settlement> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Takes the credits for an answer that is still held back.</summary>
    /// <returns>null when they are taken; else the answer to send instead.</returns>
    public async Task<ProblemAnswer?> CommitAsync(CreditCharge charge)
    {
        var (status, error) = await TryCommitAsync(charge).ConfigureAwait(false);
        if (status == CreditStatus.Applied)
        {
            return null;
        }

        HttpLog.CommitFailed(logger, charge.OperationId, status?.ToString() ?? "no answer", error);
        if (error is null)
        {
            return Problem.Unavailable(
                "store-unavailable",
                $"The credits could not be taken ({status}), so there is no answer. Try again.",
                RetryAfter,
                CreditOperationOutcome.NotApplied
            );
        }

        // Behind the commit in the same lane: if that took effect after all, this one is refused. Not awaited, since a store that
        // did not answer once would let the client wait again.
        _ = ReleaseAsync(charge);
        return Problem.Unavailable(
            "store-unavailable",
            "The credits could not be taken, so there is no answer. Try again with the same Idempotency-Key.",
            RetryAfter,
            error.Outcome,
            charge.OperationId
        );
    }

    /// <summary>Takes the credits for an answer that was sent. What cannot be taken is the seller's loss, and is counted.</summary>
    public async Task CommitSentAsync(CreditCharge charge)
    {
        var (status, error) = await TryCommitAsync(charge).ConfigureAwait(false);
        if (status != CreditStatus.Applied)
        {
            PayPerUseMetrics.ChargeLost(charge.Action);
            HttpLog.ChargeLost(logger, charge.OperationId, charge.Action, status?.ToString() ?? "no answer", error);
        }
    }

    /// <summary>Returns the credits. A failure is logged: they return at the reservation's deadline.</summary>
    public async Task ReleaseAsync(CreditCharge charge)
    {
        try
        {
            await ledger.ReleaseAsync(charge.Reservation, CancellationToken.None).ConfigureAwait(false);
        }
        catch (CreditStoreException e)
        {
            HttpLog.ReleaseFailed(logger, charge.OperationId, e);
        }
    }

    private async ValueTask<(CreditStatus? Status, CreditStoreException? Error)> TryCommitAsync(CreditCharge charge)
    {
        try
        {
            var result = await ledger
                .CommitAsync(charge.Reservation, charge.Actual, CancellationToken.None)
                .ConfigureAwait(false);
            return (result.Status, null);
        }
        catch (CreditStoreException e)
        {
            return (null, e);
        }
    }
}
