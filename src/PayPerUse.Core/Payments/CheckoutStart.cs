using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>Starts the checkout of an order at its provider, and finds out what became of a start with an unknown outcome.</summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="journal">Saves what changes.</param>
/// <param name="settler">Asks what became of a start.</param>
/// <param name="ending">Ends an order whose start was refused.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of failures.</param>
public sealed class CheckoutStart(
    IPaymentStore store,
    PaymentJournal journal,
    PaymentSettler settler,
    CheckoutEnding ending,
    TimeProvider clock,
    ILogger<CheckoutStart> logger
)
{
    // Less than the time in which an order is answered.
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(8);

    /// <summary>Starts the checkout. The caller's token is not used: once sent, the answer must be kept.</summary>
    /// <param name="payment">The order.</param>
    /// <param name="provider">Who takes the money.</param>
    /// <param name="isRepeat">Whether an earlier start had an unknown outcome.</param>
    /// <returns>What came of it; null when a repeated start was refused, which says nothing about the first one.</returns>
    internal async Task<CheckoutResult?> StartAsync(Payment payment, IPaymentProvider provider, bool isRepeat)
    {
        using var trace = PayPerUseTraces.StartCheckout(payment);
        using var timeout = new CancellationTokenSource(StartTime, clock);
        try
        {
            var started = await provider
                .StartCheckoutAsync(payment, timeout.Token)
                .WaitAsync(timeout.Token)
                .ConfigureAwait(false);
            return await KeepAsync(payment, started).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            trace.Fail(e);
            PaymentLog.StartFailed(logger, payment.Id, provider.Id, PaymentProviderFailure.Unknown, e);
        }
        catch (PaymentProviderException e)
        {
            trace.Fail(e);
            PaymentLog.StartFailed(logger, payment.Id, provider.Id, e.Failure, e);
            if (isRepeat)
            {
                // An earlier try may have got through, whatever this one came to: only the provider can tell.
                return e.Failure == PaymentProviderFailure.Rejected ? null : Unavailable(provider);
            }

            if (e.Failure != PaymentProviderFailure.Unknown)
            {
                await ending
                    .EndAsync(payment, PaymentStatus.Failed, PaymentTrigger.Checkout, e.Message)
                    .ConfigureAwait(false);
            }
        }

        return Unavailable(provider);
    }

    /// <summary>Finds out what became of a start with an unknown outcome. Null: there is room for a new payment.</summary>
    internal async Task<CheckoutResult?> RecoverAsync(
        Payment payment,
        IPaymentProvider provider,
        CancellationToken cancellationToken
    )
    {
        if (
            provider.CanRepeatStart
            && await StartAsync(payment, provider, isRepeat: true).ConfigureAwait(false) is { } repeated
        )
        {
            return repeated is { Status: CheckoutStatus.Created, Payment: { } started }
                ? new(CheckoutStatus.Open, started)
                : repeated;
        }

        try
        {
            var settled = await settler
                .SettleAsync(payment.Id, PaymentTrigger.Checkout, cancellationToken)
                .ConfigureAwait(false);
            if (settled is { IsOpen: true, CheckoutUrl: not null })
            {
                return new(CheckoutStatus.Open, settled);
            }

            if (settled is { IsOpen: true, OpenKey: not null })
            {
                // The provider does not know it, or not yet. It stays in the sweeper's care; a new payment takes its place.
                await store
                    .TryUpdateAsync(settled with { OpenKey = null }, null, cancellationToken)
                    .ConfigureAwait(false);
            }

            return null;
        }
        catch (PaymentProviderException e)
        {
            PaymentLog.SettleFailed(logger, payment.Id, provider.Id, e);
            return Unavailable(provider);
        }
    }

    /// <summary>The answer when there is no checkout now.</summary>
    internal static CheckoutResult Unavailable(IPaymentProvider provider) =>
        new(CheckoutStatus.ProviderUnavailable, Error: $"{provider.DisplayName} does not answer now; try again later.");

    private async Task<CheckoutResult> KeepAsync(Payment payment, ProviderPayment started)
    {
        for (var current = payment; ; )
        {
            var judged = PaymentJudgement.Of(
                current,
                started,
                PaymentTrigger.Checkout,
                clock.GetUtcNowInMilliseconds()
            );
            if (judged.Mismatch is { } mismatch)
            {
                PaymentLog.Mismatch(logger, current.Id, current.Provider, mismatch);
            }

            // A checkout that is already paid is granted by the settler, which asks once more.
            var next = judged.MustGrant
                ? current with
                {
                    ProviderPaymentId = started.ProviderPaymentId,
                }
                : judged.Payment;
            var saved = await journal
                .SaveAsync(current, next, PaymentTrigger.Checkout, judged.Mismatch ?? started.Detail)
                .ConfigureAwait(false);
            if (saved is not null)
            {
                return saved.Status == PaymentStatus.Review
                    ? new(
                        CheckoutStatus.ProviderUnavailable,
                        Error: "The provider's checkout does not match our order."
                    )
                    : new(CheckoutStatus.Created, saved);
            }

            // A webhook or the sweeper was faster; what it saved stays, and we add the link to it.
            current = (await store.FindAsync(payment.Id, CancellationToken.None).ConfigureAwait(false))!;
            if (!current.IsOpen || current.CheckoutUrl is not null)
            {
                return new(CheckoutStatus.Created, current);
            }
        }
    }
}
