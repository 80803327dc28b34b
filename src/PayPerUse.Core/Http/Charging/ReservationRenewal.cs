using Microsoft.Extensions.Logging;
using PayPerUse.Credits;

namespace PayPerUse.Http.Charging;

/// <summary>Keeps a reservation alive while its request runs.</summary>
internal sealed class ReservationRenewal : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public ReservationRenewal(CreditLedger ledger, ReservationId reservation, TimeProvider clock, ILogger logger)
    {
        // Two failures in a row still leave time for a third try.
        var period = ledger.Policy.ReservationTime / 3;
        _running = RunAsync(ledger, reservation, new PeriodicTimer(period, clock), logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(CreditLedger ledger, ReservationId reservation, PeriodicTimer timer, ILogger logger)
    {
        using var owned = timer;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                if (!await TryRenewAsync(ledger, reservation, logger).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The request is over.
        }
    }

    /// <summary>Renews once; false when there is nothing left to renew, which the commit will find out too.</summary>
    private async Task<bool> TryRenewAsync(CreditLedger ledger, ReservationId reservation, ILogger logger)
    {
        try
        {
            var result = await ledger.RenewAsync(reservation, cancellationToken: _stop.Token).ConfigureAwait(false);
            return result.Status == CreditStatus.Applied;
        }
        catch (CreditStoreException e)
        {
            HttpLog.RenewFailed(logger, reservation.Id, e);
            return true;
        }
    }
}
