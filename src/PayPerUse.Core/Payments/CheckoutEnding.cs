using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>Ends orders: calls them off at their provider, and makes room for others.</summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="journal">Saves what changes.</param>
/// <param name="providers">Who takes the money.</param>
/// <param name="settler">Settles what another order left open.</param>
/// <param name="accountPayments">Knows an account's payments, also those of accounts that were merged into it.</param>
/// <param name="logger">Where it tells of failures.</param>
public sealed class CheckoutEnding(
    IPaymentStore store,
    PaymentJournal journal,
    PaymentProviders providers,
    PaymentSettler settler,
    AccountPayments accountPayments,
    ILogger<CheckoutEnding> logger
)
{
    // Open payments are among the newest: they last a day at most.
    private const int MaxOpen = 200;

    /// <summary>Calls off a payment that nobody has paid yet.</summary>
    /// <param name="paymentId">Our id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentProviderException">The provider did not answer.</exception>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer: it turned out to be paid.</exception>
    public async Task<CancelResult> CancelAsync(string paymentId, CancellationToken cancellationToken)
    {
        // An unknown start is looked up first: what exists at the provider must be called off there.
        var payment = await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
        if (payment is { IsOpen: true, ProviderPaymentId: null })
        {
            payment = await settler
                .SettleAsync(paymentId, PaymentTrigger.Cancel, cancellationToken)
                .ConfigureAwait(false);
        }

        if (payment is not { IsOpen: true })
        {
            return new CancelResult(false, payment);
        }

        if (payment.ProviderPaymentId is not null)
        {
            await providers.Of(payment).CancelAsync(payment, cancellationToken).ConfigureAwait(false);
            payment = await settler
                .SettleAsync(paymentId, PaymentTrigger.Cancel, cancellationToken)
                .ConfigureAwait(false);
        }
        else
        {
            payment = await EndAsync(payment, PaymentStatus.Canceled, PaymentTrigger.Cancel, null)
                .ConfigureAwait(false);
        }

        return new CancelResult(payment?.Status == PaymentStatus.Canceled, payment);
    }

    /// <inheritdoc cref="CheckoutService.CancelAllAsync"/>
    internal async Task<ImmutableArray<Payment>> CancelAllAsync(AccountId account, CancellationToken cancellationToken)
    {
        var left = ImmutableArray.CreateBuilder<Payment>();
        var newest = await accountPayments.ListAsync(account, MaxOpen, cancellationToken).ConfigureAwait(false);
        foreach (var open in newest.Where(p => p.IsOpen))
        {
            try
            {
                var ended = await CancelAsync(open.Id, cancellationToken).ConfigureAwait(false);
                if (ended is { IsCanceled: false, Payment: { IsOpen: true } or { IsGranted: true } })
                {
                    left.Add(ended.Payment);
                }
            }
            catch (PaymentProviderException e)
            {
                PaymentLog.SettleFailed(logger, open.Id, open.Provider, e);
                left.Add(open);
            }
        }

        return left.ToImmutable();
    }

    /// <summary>Settles or calls off what is open at other providers; returns one that turns out paid or under way.</summary>
    internal async Task<Payment?> EndOtherProvidersAsync(
        CheckoutOrder order,
        IPaymentProvider provider,
        CancellationToken cancellationToken
    )
    {
        foreach (var other in providers.All.Where(p => p != provider))
        {
            var openKey = Payment.OpenKeyOf(order.Account, order.Pack, other.Id, other.Mode);
            var open = await store.FindOpenAsync(openKey, cancellationToken).ConfigureAwait(false);
            if (open is null)
            {
                continue;
            }

            try
            {
                var ended = await CancelAsync(open.Id, cancellationToken).ConfigureAwait(false);
                if (ended is { IsCanceled: false, Payment.Status: PaymentStatus.Paid or PaymentStatus.Processing })
                {
                    return ended.Payment;
                }
            }
            catch (PaymentProviderException e)
            {
                // Often the very reason to choose another provider. The sweeper settles it; should it be paid, it grants too.
                PaymentLog.SettleFailed(logger, open.Id, open.Provider, e);
            }
        }

        return null;
    }

    /// <summary>An open payment is about to end: settles it, calls it off, and frees its place in any case.</summary>
    internal async Task MakeRoomAsync(Payment open, CancellationToken cancellationToken)
    {
        try
        {
            await CancelAsync(open.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (PaymentProviderException e)
        {
            PaymentLog.SettleFailed(logger, open.Id, open.Provider, e);
        }

        var current = await store.FindAsync(open.Id, cancellationToken).ConfigureAwait(false);
        if (current is { OpenKey: not null })
        {
            await store.TryUpdateAsync(current with { OpenKey = null }, null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends an order that is open; one that is not stays as it is.</summary>
    internal async Task<Payment> EndAsync(Payment payment, PaymentStatus status, PaymentTrigger trigger, string? detail)
    {
        var current = payment;
        while (current.IsOpen)
        {
            var saved = await journal
                .SaveAsync(
                    current,
                    current with
                    {
                        Status = status,
                        OpenKey = null,

                        // A start that was certainly refused leaves nothing to look for.
                        NextCheckAt = status == PaymentStatus.Failed ? null : current.NextCheckAt,
                    },
                    trigger,
                    detail
                )
                .ConfigureAwait(false);
            if (saved is not null)
            {
                return saved;
            }

            current = (await store.FindAsync(payment.Id, CancellationToken.None).ConfigureAwait(false))!;
        }

        return current;
    }
}
