using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>
/// The simulated bank: keeps payments while the host runs, moves them
/// PENDING → IDENTIFIED → SUCCEEDED, AUTHORIZATION_FAILED, CANCELLED or EXPIRED, and rings for each end.
/// </summary>
internal sealed partial class PayconiqSimulator(
    SimulatorCallbacks callbacks,
    SimulatorSky sky,
    IOptions<PayconiqSimulatorOptions> options,
    TimeProvider clock
) : IDisposable
{
    // Longer than anybody asks for an ended payment.
    private static readonly TimeSpan Memory = TimeSpan.FromHours(48);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(1);

    // A timer may fire a little before the clock says so.
    private static readonly TimeSpan TimerMargin = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, SimulatedPayment> _payments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ITimer> _timers = new(StringComparer.Ordinal);
    private long _forgetAt;

    public SimulatedPayment Create(SimulatedPayment draft)
    {
        var now = clock.GetUtcNow();
        var time = sky.Weather.PaymentSeconds is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : options.Value.PaymentTime;
        var payment = draft with
        {
            Id = RandomNumberGenerator.GetHexString(24, lowercase: true),
            CreatedAt = now,
            ExpiresAt = now + time,
        };
        ForgetOld(now);
        _payments[payment.Id] = payment;
        _timers[payment.Id] = clock.CreateTimer(
            _ => Find(payment.Id),
            null,
            time + TimerMargin,
            Timeout.InfiniteTimeSpan
        );
        return payment;
    }

    // Once in a while: a look at all of them for each new one would make the last of many slow.
    private void ForgetOld(DateTimeOffset now)
    {
        var due = Interlocked.Read(ref _forgetAt);
        if (
            now.UtcTicks < due
            || Interlocked.CompareExchange(ref _forgetAt, (now + ForgetInterval).UtcTicks, due) != due
        )
        {
            return;
        }

        foreach (var (id, payment) in _payments)
        {
            if (now - payment.CreatedAt > Memory)
            {
                _payments.TryRemove(id, out _);
            }
        }
    }

    /// <summary>Finds a payment as it is now; null when there is none.</summary>
    public SimulatedPayment? Find(string id)
    {
        var payment = _payments.GetValueOrDefault(id);
        return payment is { IsOpen: true } && payment.ExpiresAt <= clock.GetUtcNow()
            ? Move(id, p => p with { Status = "EXPIRED" })
            : payment;
    }

    /// <summary>All payments as they are now, newest first.</summary>
    public IEnumerable<SimulatedPayment> All() =>
        _payments.Keys.Select(Find).OfType<SimulatedPayment>().OrderByDescending(p => p.CreatedAt);

    /// <summary>The customer has opened the payment in the bank app.</summary>
    public SimulatedPayment? Identify(string id) =>
        Find(id) is { Status: "PENDING" } ? Move(id, p => p with { Status = "IDENTIFIED" }) : Find(id);

    /// <summary>The customer pays.</summary>
    /// <returns>The payment; one that had ended before stays as it was.</returns>
    public SimulatedPayment? Approve(string id) =>
        End(id, p => p with { Status = "SUCCEEDED", SucceededAt = clock.GetUtcNow() });

    /// <summary>The bank says no.</summary>
    /// <inheritdoc cref="Approve"/>
    public SimulatedPayment? Decline(string id) => End(id, p => p with { Status = "AUTHORIZATION_FAILED" });

    /// <summary>The customer or the shop calls it off.</summary>
    /// <inheritdoc cref="Approve"/>
    public SimulatedPayment? Cancel(string id) => End(id, p => p with { Status = "CANCELLED" });

    /// <summary>The time to pay is over, now.</summary>
    /// <inheritdoc cref="Approve"/>
    public SimulatedPayment? Expire(string id) => End(id, p => p with { Status = "EXPIRED" });

    /// <summary>Something else goes wrong.</summary>
    /// <inheritdoc cref="Approve"/>
    public SimulatedPayment? Fail(string id) => End(id, p => p with { Status = "FAILED" });

    /// <summary>Tells the shop again how an ended payment stands.</summary>
    /// <inheritdoc cref="Approve"/>
    public SimulatedPayment? RingAgain(string id)
    {
        var payment = Find(id);
        if (payment is { IsOpen: false })
        {
            callbacks.Ring(payment);
        }

        return payment;
    }

    public void Dispose()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Dispose();
        }
    }

    private SimulatedPayment? End(string id, Func<SimulatedPayment, SimulatedPayment> end) =>
        Find(id) is { IsOpen: true } ? Move(id, end) : Find(id);

    /// <summary>Of several who move an open payment at once, one wins, and one callback is sent.</summary>
    private SimulatedPayment? Move(string id, Func<SimulatedPayment, SimulatedPayment> move)
    {
        while (_payments.TryGetValue(id, out var before) && before.IsOpen)
        {
            var after = move(before);
            if (after == before || !_payments.TryUpdate(id, after, before))
            {
                continue;
            }

            if (!after.IsOpen)
            {
                if (_timers.TryRemove(id, out var timer))
                {
                    timer.Dispose();
                }

                callbacks.Ring(after);
            }

            return after;
        }

        return _payments.GetValueOrDefault(id);
    }
}
