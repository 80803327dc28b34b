using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>
/// The one settlement: webhook, return page, poll and sweeper all end here. It asks the provider how a payment stands, compares
/// that with our order, and grants the credits once, so that duplicate, reordered, late, lost and forged messages end alike.
/// </summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="journal">Saves what changes.</param>
/// <param name="providers">Who is asked.</param>
/// <param name="reversals">Takes credits back when money went back.</param>
/// <param name="ledger">Where credits are granted.</param>
/// <param name="options">Whether credits are held in a dispute.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of mismatches.</param>
public sealed class PaymentSettler(
    IPaymentStore store,
    PaymentJournal journal,
    PaymentProviders providers,
    PaymentReversals reversals,
    CreditLedger ledger,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock,
    ILogger<PaymentSettler> logger
)
{
    /// <summary>A customer's page makes us ask the provider at most this often, for one payment.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    /// <summary>A provider's messages make us ask about a payment that is granted at most this often.</summary>
    public static readonly TimeSpan GrantedInterval = TimeSpan.FromSeconds(10);

    private const int MaxRounds = 10;

    private readonly SharedSettlements _shared = new();

    /// <inheritdoc cref="PaymentJournal.Changed"/>
    public event EventHandler<PaymentChangedEventArgs>? Changed
    {
        add => journal.Changed += value;
        remove => journal.Changed -= value;
    }

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
        return payment is null ? null : await SettleAsync(payment, trigger, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Settles a payment that was just read.</summary>
    /// <inheritdoc cref="SettleAsync(string, PaymentTrigger, CancellationToken)"/>
    internal async Task<Payment?> SettleAsync(
        Payment payment,
        PaymentTrigger trigger,
        CancellationToken cancellationToken
    ) =>
        MustAsk(payment, trigger)
            ? await _shared
                .SettleAsync(payment, trigger, SettleOnceAsync)
                .WaitAsync(cancellationToken)
                .ConfigureAwait(false)
            : payment;

    /// <summary>Settles a payment that a provider named by its own id.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="providerPaymentId">Its id of the payment.</param>
    /// <param name="trigger">What made us look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="SettleAsync(string, PaymentTrigger, CancellationToken)"/>
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
        return payment is null ? null : await SettleAsync(payment, trigger, cancellationToken).ConfigureAwait(false);
    }

    private bool MustAsk(Payment payment, PaymentTrigger trigger)
    {
        if (payment.Status == PaymentStatus.Review)
        {
            // Only a person gets it out of there.
            return trigger == PaymentTrigger.Operator;
        }

        if (payment.IsGranted)
        {
            // Only money that goes back is news, and that is never told by the customer's side.
            return trigger is PaymentTrigger.Webhook or PaymentTrigger.Sweep or PaymentTrigger.Operator;
        }

        if (trigger is not (PaymentTrigger.Poll or PaymentTrigger.Return))
        {
            return true;
        }

        return payment.IsOpen
            && (payment.CheckedAt is not { } checkedAt || clock.GetUtcNow() - checkedAt >= PollInterval);
    }

    private async Task<Payment?> SettleOnceAsync(string paymentId, Payment? read, PaymentTrigger trigger)
    {
        for (var round = 0; round <= MaxRounds; round++)
        {
            // One that has changed since it was read is not saved, and read again.
            var payment = read ?? await store.FindAsync(paymentId, CancellationToken.None).ConfigureAwait(false);
            read = null;
            if (payment is null || !MustAsk(payment, trigger))
            {
                return payment;
            }

            if (await LookAsync(payment, trigger).ConfigureAwait(false) is { } settled)
            {
                return settled;
            }
        }

        throw new PaymentStoreException($"Payment {paymentId} keeps changing while it is being settled.");
    }

    /// <summary>Looks once; null when the payment changed meanwhile, so that a new look is needed.</summary>
    private async Task<Payment?> LookAsync(Payment payment, PaymentTrigger trigger)
    {
        if (payment.IsGranted && trigger == PaymentTrigger.Webhook && IsFresh(payment))
        {
            return await DeferAsync(payment).ConfigureAwait(false);
        }

        // What an earlier look left undone comes first: the next one counts from it.
        if (await reversals.FinishAsync(payment, trigger).ConfigureAwait(false) is not { } finished)
        {
            return null;
        }

        if (finished.Status == PaymentStatus.Review && trigger != PaymentTrigger.Operator)
        {
            return finished;
        }

        if (await reversals.FollowRefundsAsync(finished, trigger).ConfigureAwait(false) is not { } followed)
        {
            return null;
        }

        var said = await providers.Of(followed).GetPaymentAsync(followed, CancellationToken.None).ConfigureAwait(false);
        return await SaveAsync(followed, said, trigger).ConfigureAwait(false);
    }

    /// <summary>
    /// Messages about one payment come in swarms (three events for one refund) and are repeated: of a payment that is granted and
    /// was just looked at, the next look is promised to the sweeper, durably, so that a flood costs few questions.
    /// </summary>
    private Task<Payment?> DeferAsync(Payment payment)
    {
        var next = payment.CheckedAt!.Value + GrantedInterval;
        return payment.NextCheckAt <= next
            ? Task.FromResult<Payment?>(payment)
            : store.TryUpdateAsync(payment with { NextCheckAt = next }, null, CancellationToken.None);
    }

    private bool IsFresh(Payment payment) =>
        payment.CheckedAt is { } checkedAt && clock.GetUtcNow() - checkedAt < GrantedInterval;

    /// <summary>Saves what the provider said and does what follows; null when the payment changed meanwhile.</summary>
    private async Task<Payment?> SaveAsync(Payment payment, ProviderPayment? said, PaymentTrigger trigger)
    {
        var judged = Judge(payment, said, trigger);
        if (judged.MustGrant && MayGrantAtOnce(payment))
        {
            try
            {
                return await GrantAsync(payment, judged.Payment, said, trigger).ConfigureAwait(false);
            }
            catch (CreditStoreException)
            {
                // That it is paid is known all the same, and that the provider was just asked.
                await journal.SaveAsync(payment, judged.Payment, trigger, said?.Detail).ConfigureAwait(false);
                throw;
            }
        }

        var saved = await journal
            .SaveAsync(payment, judged.Payment, trigger, judged.Mismatch ?? said?.Detail)
            .ConfigureAwait(false);
        if (saved is null)
        {
            return null;
        }

        return judged.MustGrant
            ? await GrantAsync(saved, saved, said, trigger).ConfigureAwait(false)
            : await reversals.FinishAsync(saved, trigger).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether nothing need be saved before the ledger is called: these credits never expire, so that no moment of payment has to be
    /// kept for a retry, and should we crash, the sweeper has a look promised already.
    /// </summary>
    private static bool MayGrantAtOnce(Payment payment) =>
        payment is { Lifetime: null, IsOpen: true, NextCheckAt: not null };

    private async Task<Payment?> GrantAsync(Payment before, Payment paid, ProviderPayment? said, PaymentTrigger trigger)
    {
        await reversals.ListenFromAsync(paid, said).ConfigureAwait(false);
        var wentBack = WentBack(paid, said) > 0;
        var granted = await GrantAsync(before, paid, trigger, mustLookAgain: wentBack, said?.Detail)
            .ConfigureAwait(false);

        // Money that went back before we ever saw the payment goes back at once.
        return granted is { IsGranted: true } && wentBack
            ? await SaveAsync(granted, said, trigger).ConfigureAwait(false)
            : granted;
    }

    private static long WentBack(Payment payment, ProviderPayment? said) =>
        payment.Refunds.Sum() + (said?.Reversals is { } told ? told.Refunded.Amount + told.Disputed.Amount : 0);

    private PaymentJudgement Judge(Payment payment, ProviderPayment? said, PaymentTrigger trigger)
    {
        var judged = PaymentJudgement.Of(
            payment,
            said,
            trigger,
            clock.GetUtcNowInMilliseconds(),
            options.Value.HoldCreditsInDispute
        );
        if (judged.Mismatch is not null)
        {
            PaymentLog.Mismatch(logger, payment.Id, payment.Provider, judged.Mismatch);
        }

        return judged;
    }

    /// <summary>Ledger first, then the row: a crash in between leaves a payment that the sweeper settles again, without harm.</summary>
    /// <param name="before">The payment as it is saved.</param>
    /// <param name="payment">The same, paid.</param>
    /// <param name="trigger">What made us look.</param>
    /// <param name="mustLookAgain">Whether money may have gone back meanwhile.</param>
    /// <param name="detail">What a person should know.</param>
    /// <returns>The payment as saved; null when it changed meanwhile.</returns>
    internal async Task<Payment?> GrantAsync(
        Payment before,
        Payment payment,
        PaymentTrigger trigger,
        bool mustLookAgain,
        string? detail = null
    )
    {
        var expiresAt = payment.Lifetime is { } lifetime ? payment.PaidAt!.Value + lifetime : (DateTimeOffset?)null;
        var granted = await ledger
            .FollowAsync(
                payment.Account,
                account => CreditCommand.Grant(account, payment.GrantId, payment.Credits, payment.Pack, expiresAt)
            )
            .ConfigureAwait(false);
        var isGranted = granted.Succeeded;
        if (!isGranted)
        {
            PaymentLog.GrantRefused(logger, payment.Id, granted.Status);
        }

        return await journal
            .SaveAsync(
                before,
                payment with
                {
                    Status = isGranted ? PaymentStatus.Paid : PaymentStatus.Review,
                    GrantedAt = isGranted ? clock.GetUtcNowInMilliseconds() : null,
                    OpenKey = null,
                    NextCheckAt = mustLookAgain && isGranted ? clock.GetUtcNowInMilliseconds() : null,
                },
                trigger,
                isGranted ? detail : $"The ledger answered {granted.Status} to the grant."
            )
            .ConfigureAwait(false);
    }
}
