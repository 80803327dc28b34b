using System.Collections.Concurrent;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>Settles a payment once.</summary>
/// <param name="paymentId">Our id.</param>
/// <param name="read">The payment as it was just read; null when it must be read.</param>
/// <param name="trigger">What made us look.</param>
internal delegate Task<Payment?> Settle(string paymentId, Payment? read, PaymentTrigger trigger);

/// <summary>
/// Settlements of one payment share their work: who arrives while one runs waits for the next one, which starts after the arrival
/// and so sees everything that the message spoke of. A flood of duplicates costs a bounded number of questions.
/// </summary>
internal sealed class SharedSettlements
{
    // Of many messages at once the first are done sooner, and none later, when not all are begun at once; and neither the database
    // nor a provider's API is flooded. Each provider has its own gate: one that is slow holds up nobody else's customers.
    private const int MaxAtOnce = 32;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>Settles, or waits for the settlement that others wait for too.</summary>
    /// <param name="payment">The payment as it was just read.</param>
    /// <param name="trigger">What made us look; of all who wait for the same settlement the one that may ask most counts.</param>
    /// <param name="settle">The settlement.</param>
    public Task<Payment?> SettleAsync(Payment payment, PaymentTrigger trigger, Settle settle)
    {
        while (true)
        {
            var flight = _flights.GetOrAdd(payment.Id, static _ => new Flight());
            lock (flight)
            {
                if (flight.IsOver)
                {
                    continue;
                }

                if (flight.Running is null)
                {
                    return flight.Running = RunAsync(flight, payment, trigger, null, settle);
                }

                // The next look is for all who wait for it: who may ask least must not decide for a message.
                flight.NextTrigger = flight.Next is null ? trigger : Stronger(flight.NextTrigger, trigger);
                return flight.Next ??= RunAsync(flight, payment, trigger, flight.Running, settle);
            }
        }
    }

    private static PaymentTrigger Stronger(PaymentTrigger one, PaymentTrigger other) =>
        StrengthOf(other) > StrengthOf(one) ? other : one;

    private static int StrengthOf(PaymentTrigger trigger) =>
        trigger switch
        {
            PaymentTrigger.Operator => 2,
            PaymentTrigger.Poll or PaymentTrigger.Return => 0,
            _ => 1,
        };

    private async Task<Payment?> RunAsync(
        Flight flight,
        Payment payment,
        PaymentTrigger trigger,
        Task? previous,
        Settle settle
    )
    {
        // Off the caller's thread and out of its lock at once.
        await Task.Yield();
        if (previous is not null)
        {
            await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (flight)
            {
                trigger = flight.RunningTrigger;
            }
        }

        var gate = _gates.GetOrAdd(payment.Provider, static _ => new SemaphoreSlim(MaxAtOnce));
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            // After another settlement it is surely not as it was read.
            return await TraceAsync(payment.Id, previous is null ? payment : null, trigger, settle)
                .ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
            Land(flight, payment.Id);
        }
    }

    private static async Task<Payment?> TraceAsync(
        string paymentId,
        Payment? read,
        PaymentTrigger trigger,
        Settle settle
    )
    {
        using var trace = PayPerUseTraces.StartSettlement(paymentId, trigger);
        try
        {
            return await settle(paymentId, read, trigger).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            trace.Fail(e);
            throw;
        }
    }

    private void Land(Flight flight, string paymentId)
    {
        lock (flight)
        {
            flight.Running = flight.Next;
            flight.RunningTrigger = flight.NextTrigger;
            flight.Next = null;
            if (flight.Running is null)
            {
                flight.IsOver = true;
                _flights.TryRemove(KeyValuePair.Create(paymentId, flight));
            }
        }
    }

    private sealed class Flight
    {
        public Task<Payment?>? Running { get; set; }

        public PaymentTrigger RunningTrigger { get; set; }

        public Task<Payment?>? Next { get; set; }

        public PaymentTrigger NextTrigger { get; set; }

        public bool IsOver { get; set; }
    }
}
