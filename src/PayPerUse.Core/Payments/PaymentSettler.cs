using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>
/// The one settlement: webhook, return page, poll and sweeper all end here. It asks the provider how a payment stands, compares
/// that with our order, and grants the credits once, so that duplicate, reordered, late, lost and forged messages end alike.
/// </summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="providers">Who is asked.</param>
/// <param name="ledger">Where credits are granted.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of mismatches.</param>
public sealed class PaymentSettler(
    IPaymentStore store,
    PaymentProviders providers,
    CreditLedger ledger,
    TimeProvider clock,
    ILogger<PaymentSettler> logger
)
{
    /// <summary>A customer's page makes us ask the provider at most this often, for one payment.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>Raised after a payment's status changed on this host.</summary>
    public event EventHandler<PaymentChangedEventArgs>? Changed;

    /// <summary>Settles a payment.</summary>
    /// <param name="paymentId">Our id.</param>
    /// <param name="trigger">What made us look.</param>
    /// <param name="cancellationToken">Ends the wait; the settlement itself goes on.</param>
    /// <returns>The payment as it stands now; null when there is none of that id.</returns>
    /// <exception cref="PaymentProviderException">The provider did not answer.</exception>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<Payment?> SettleAsync(
        string paymentId,
        PaymentTrigger trigger,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(paymentId);
        var payment = await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
        if (payment is null || !MustAsk(payment, trigger))
        {
            return payment;
        }

        return await FlyAsync(paymentId, trigger).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Settles a payment that a provider named by its own id.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="providerPaymentId">Its id of the payment.</param>
    /// <param name="trigger">What made us look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="SettleAsync"/>
    public async Task<Payment?> SettleByProviderAsync(
        string provider,
        string providerPaymentId,
        PaymentTrigger trigger,
        CancellationToken cancellationToken
    )
    {
        var payment = await store
            .FindByProviderAsync(provider, providerPaymentId, cancellationToken)
            .ConfigureAwait(false);
        return payment is null ? null : await SettleAsync(payment.Id, trigger, cancellationToken).ConfigureAwait(false);
    }

    private bool MustAsk(Payment payment, PaymentTrigger trigger)
    {
        switch (payment.Status)
        {
            case PaymentStatus.Paid:
            case PaymentStatus.Refunded:
            case PaymentStatus.Disputed:
            case PaymentStatus.Review:
                return false;
        }

        if (trigger is not (PaymentTrigger.Poll or PaymentTrigger.Return))
        {
            return true;
        }

        return payment.IsOpen
            && (payment.CheckedAt is not { } checkedAt || clock.GetUtcNow() - checkedAt >= PollInterval);
    }

    /// <summary>
    /// Settlements of one payment share their work: who arrives while one runs waits for the next one, which starts after the
    /// arrival and so sees everything that the message spoke of. A flood of duplicates costs a bounded number of questions.
    /// </summary>
    private Task<Payment?> FlyAsync(string paymentId, PaymentTrigger trigger)
    {
        while (true)
        {
            var flight = _flights.GetOrAdd(paymentId, static _ => new Flight());
            lock (flight)
            {
                if (flight.IsOver)
                {
                    continue;
                }

                if (flight.Running is null)
                {
                    return flight.Running = RunAsync(flight, paymentId, trigger, Task.CompletedTask);
                }

                return flight.Next ??= RunAsync(flight, paymentId, trigger, flight.Running);
            }
        }
    }

    private async Task<Payment?> RunAsync(Flight flight, string paymentId, PaymentTrigger trigger, Task previous)
    {
        // Off the caller's thread and out of its lock at once.
        await Task.Yield();
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var trace = PayPerUseTraces.StartSettlement(paymentId, trigger);
        try
        {
            return await SettleOnceAsync(paymentId, trigger).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            trace.Fail(e);
            throw;
        }
        finally
        {
            lock (flight)
            {
                flight.Running = flight.Next;
                flight.Next = null;
                if (flight.Running is null)
                {
                    flight.IsOver = true;
                    _flights.TryRemove(KeyValuePair.Create(paymentId, flight));
                }
            }
        }
    }

    private async Task<Payment?> SettleOnceAsync(string paymentId, PaymentTrigger trigger)
    {
        for (var round = 0; ; round++)
        {
            var payment = await store.FindAsync(paymentId, CancellationToken.None).ConfigureAwait(false);
            if (payment is null || !MustAsk(payment, trigger))
            {
                return payment;
            }

            var said = await providers
                .Of(payment)
                .GetPaymentAsync(payment, CancellationToken.None)
                .ConfigureAwait(false);
            if (await SaveAsync(payment, said, trigger).ConfigureAwait(false) is { } saved)
            {
                return saved;
            }

            if (round >= 10)
            {
                throw new PaymentStoreException($"Payment {paymentId} keeps changing while it is being settled.");
            }
        }
    }

    /// <summary>Saves what the provider said; null when the payment changed meanwhile.</summary>
    private async Task<Payment?> SaveAsync(Payment payment, ProviderPayment? said, PaymentTrigger trigger)
    {
        var now = clock.GetUtcNowInMilliseconds();
        var judged = PaymentJudgement.Of(payment, said, trigger, now);
        if (judged.Mismatch is not null)
        {
            PaymentLog.Mismatch(logger, payment.Id, payment.Provider, judged.Mismatch);
        }

        var saved = await SaveAsync(payment, judged.Payment, trigger, judged.Mismatch ?? said?.Detail)
            .ConfigureAwait(false);
        if (saved is null || !judged.MustGrant)
        {
            return saved;
        }

        return await GrantAsync(saved, trigger).ConfigureAwait(false);
    }

    /// <summary>Ledger first, then the row: a crash in between leaves a payment that the sweeper settles again, without harm.</summary>
    private async Task<Payment?> GrantAsync(Payment payment, PaymentTrigger trigger)
    {
        var expiresAt = payment.Lifetime is { } lifetime ? payment.PaidAt!.Value + lifetime : (DateTimeOffset?)null;
        var granted = await ledger
            .GrantAsync(payment.Account, payment.GrantId, payment.Credits, payment.Pack, expiresAt)
            .ConfigureAwait(false);
        var isGranted = granted.Succeeded;
        if (!isGranted)
        {
            PaymentLog.GrantRefused(logger, payment.Id, granted.Status);
        }

        return await SaveAsync(
                payment,
                payment with
                {
                    Status = isGranted ? PaymentStatus.Paid : PaymentStatus.Review,
                    OpenKey = null,
                    NextCheckAt = null,
                },
                trigger,
                isGranted ? null : $"The ledger answered {granted.Status} to the grant."
            )
            .ConfigureAwait(false);
    }

    private async Task<Payment?> SaveAsync(Payment before, Payment after, PaymentTrigger trigger, string? detail)
    {
        var change =
            before.Status == after.Status
                ? null
                : new PaymentEvent(
                    before.Id,
                    before.Status,
                    after.Status,
                    trigger,
                    detail,
                    clock.GetUtcNowInMilliseconds()
                );
        var saved = await store.TryUpdateAsync(after, change, CancellationToken.None).ConfigureAwait(false);
        if (saved is not null && change is not null)
        {
            PaymentLog.StatusChanged(logger, saved.Id, before.Status, after.Status, trigger);
            PayPerUseMetrics.PaymentStatusChanged(saved.Provider, after.Status);
            Changed?.Invoke(this, new PaymentChangedEventArgs(saved));
        }

        return saved;
    }

    private sealed class Flight
    {
        public Task<Payment?>? Running { get; set; }

        public Task<Payment?>? Next { get; set; }

        public bool IsOver { get; set; }
    }
}

/// <summary>Tells which payment changed.</summary>
/// <param name="payment">The payment as it stands now.</param>
public sealed class PaymentChangedEventArgs(Payment payment) : EventArgs
{
    /// <summary>The payment as it stands now.</summary>
    public Payment Payment { get; } = payment;
}
