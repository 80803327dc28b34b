using Microsoft.Extensions.Logging;
using PayPerUse.Credits;

namespace PayPerUse.Http.Charging;

/// <summary>Keeps the reservations of all running requests alive.</summary>
/// <remarks>
/// One timer serves the host. Every renewal is due equally long after the one before it, so the order in which reservations join
/// is the order in which they fall due, and nearly all have left again before they do: a request costs two changes of a linked
/// list, and no timer, task or token of its own.
/// </remarks>
internal sealed class ReservationRenewal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<RenewedReservation> _running = new();
    private readonly CreditLedger _ledger;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly TimeSpan _period;
    private bool _isArmed;
    private bool _isDisposed;

    public ReservationRenewal(CreditLedger ledger, TimeProvider clock, ILogger<ReservationRenewal> logger)
    {
        _ledger = ledger;
        _clock = clock;
        _logger = logger;

        // Two failures in a row still leave time for a third try.
        _period = ledger.Policy.ReservationTime / 3;

        // The timer outlives the request that happens to come first, and must not carry its context along.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = clock.CreateTimer(
                static renewal => ((ReservationRenewal)renewal!).RenewDue(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
        }
    }

    /// <summary>Renews a reservation until <see cref="Stop"/>.</summary>
    public LinkedListNode<RenewedReservation> Start(ReservationId reservation)
    {
        var mine = new LinkedListNode<RenewedReservation>(new(reservation));
        lock (_gate)
        {
            mine.ValueRef.Since = _clock.GetTimestamp();
            _running.AddLast(mine);
            if (!_isArmed)
            {
                Arm(_period);
            }
        }

        return mine;
    }

    /// <summary>The request is over. A renewal on its way is no harm: it precedes the commit in the account's lane.</summary>
    public void Stop(LinkedListNode<RenewedReservation> mine)
    {
        lock (_gate)
        {
            if (mine.List is not null)
            {
                _running.Remove(mine);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer.Dispose();
        }
    }

    private void RenewDue()
    {
        var due = new List<LinkedListNode<RenewedReservation>>();
        lock (_gate)
        {
            var now = _clock.GetTimestamp();
            while (_running.First is { } first && _clock.GetElapsedTime(first.ValueRef.Since, now) >= _period)
            {
                first.ValueRef.Since = now;
                _running.RemoveFirst();
                _running.AddLast(first);
                due.Add(first);
            }

            _isArmed = false;
            if (_running.First is { } next)
            {
                Arm(_period - _clock.GetElapsedTime(next.ValueRef.Since, now));
            }
        }

        foreach (var reservation in due)
        {
            _ = RenewAsync(reservation);
        }
    }

    private void Arm(TimeSpan wait)
    {
        _isArmed = !_isDisposed && _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task RenewAsync(LinkedListNode<RenewedReservation> running)
    {
        var reservation = running.ValueRef.Id;
        try
        {
            var result = await _ledger.RenewAsync(reservation).ConfigureAwait(false);
            if (result.Status != CreditStatus.Applied)
            {
                // There is nothing left to renew, which the commit will find out too.
                Stop(running);
            }
        }
        catch (Exception e)
        {
            HttpLog.RenewFailed(_logger, reservation.Id, e);
        }
    }
}

/// <summary>A reservation whose request runs.</summary>
/// <param name="id">Which reservation.</param>
internal struct RenewedReservation(ReservationId id)
{
    public ReservationId Id { get; } = id;

    /// <summary>The timestamp of its start or of its last renewal.</summary>
    public long Since { get; set; }
}
