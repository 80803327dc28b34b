using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>Sells packs: makes our order, starts the checkout at the provider, and returns the open payment again when there is one.</summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="journal">Saves what changes.</param>
/// <param name="providers">Who takes the money.</param>
/// <param name="settler">Settles what another order left open.</param>
/// <param name="addresses">Where providers and customers find us.</param>
/// <param name="options">What is for sale.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of failures.</param>
public sealed class CheckoutService(
    IPaymentStore store,
    PaymentJournal journal,
    PaymentProviders providers,
    PaymentSettler settler,
    IPaymentAddresses addresses,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock,
    ILogger<CheckoutService> logger
)
{
    /// <summary>An order is answered within this time.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>An open payment is only returned again while it can still be paid for this long.</summary>
    public static readonly TimeSpan MinPayableTime = TimeSpan.FromSeconds(60);

    // The provider gets less than the answer time; another request's start is waited for a little longer than that.
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan StartMargin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WaitTime = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(100);

    /// <summary>Makes an order, or returns the one that is open.</summary>
    /// <param name="order">What the customer wants.</param>
    /// <param name="cancellationToken">Ends the wait; a started checkout is finished all the same.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer while an earlier payment was settled.</exception>
    public async Task<CheckoutResult> CreateAsync(CheckoutOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        var pack = options.Value.Packs.FirstOrDefault(p => string.Equals(p.Id, order.Pack, StringComparison.Ordinal));
        if (pack is null)
        {
            return new(CheckoutStatus.UnknownPack, Error: $"pack: there is no pack '{order.Pack}'.");
        }

        if (providers.Find(order.Provider) is not { } provider)
        {
            return new(
                CheckoutStatus.UnknownProvider,
                Error: order.Provider is null
                    ? "provider: this app has no payment provider; add one with AddStripe or AddPayconiq."
                    : $"provider: there is no provider '{order.Provider}'."
            );
        }

        if (order.ReturnUrl is { } url && !ReturnUrl.IsAllowed(url, options.Value.AllowedReturnOrigins))
        {
            return new(
                CheckoutStatus.InvalidReturnUrl,
                Error: "returnUrl: must be a path of this app, such as /letters, or belong to an allowed origin."
            );
        }

        if (
            options.Value.RequiredConsent is { } consent
            && !string.Equals(consent, order.Consent, StringComparison.Ordinal)
        )
        {
            return new(
                CheckoutStatus.ConsentRequired,
                Error: $"consent: the customer must agree to the terms of version '{consent}'."
            );
        }

        if (await FindByRequestKeyAsync(order, provider, cancellationToken).ConfigureAwait(false) is { } same)
        {
            return same;
        }

        if (await EndOtherProvidersAsync(order, provider, cancellationToken).ConfigureAwait(false) is { } other)
        {
            return new(CheckoutStatus.Open, other);
        }

        return await OpenAsync(order, pack, provider, cancellationToken).ConfigureAwait(false);
    }

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

    private async Task<CheckoutResult?> FindByRequestKeyAsync(
        CheckoutOrder order,
        IPaymentProvider provider,
        CancellationToken cancellationToken
    )
    {
        if (order.RequestKey is null)
        {
            return null;
        }

        var payment = await store
            .FindByRequestKeyAsync(order.Account, order.RequestKey, cancellationToken)
            .ConfigureAwait(false);
        if (payment is null)
        {
            return null;
        }

        var isSame =
            string.Equals(payment.Pack, order.Pack, StringComparison.Ordinal)
            && (order.Provider is null || string.Equals(payment.Provider, provider.Id, StringComparison.Ordinal));
        if (!isSame)
        {
            return new(
                CheckoutStatus.KeyReused,
                Error: "Idempotency-Key: was used for another pack or provider; choose a new one."
            );
        }

        // Still being started, or its start has an unknown outcome: the open payment's way decides.
        return payment is { IsOpen: true, CheckoutUrl: null } ? null : new(CheckoutStatus.Open, payment);
    }

    /// <summary>Settles or calls off what is open at other providers; returns one that turns out paid or under way.</summary>
    private async Task<Payment?> EndOtherProvidersAsync(
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

    private async Task<CheckoutResult> OpenAsync(
        CheckoutOrder order,
        CreditPack pack,
        IPaymentProvider provider,
        CancellationToken cancellationToken
    )
    {
        var openKey = Payment.OpenKeyOf(order.Account, pack.Id, provider.Id, provider.Mode);
        var giveUpAt = clock.GetUtcNow() + WaitTime;
        do
        {
            var open = await store.FindOpenAsync(openKey, cancellationToken).ConfigureAwait(false);
            if (open is null)
            {
                var made = Make(order, pack, provider, openKey);
                var added = await store
                    .TryAddAsync(
                        made,
                        new PaymentEvent(made.Id, null, made.Status, PaymentTrigger.Checkout, null, made.CreatedAt),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                if (added is not null)
                {
                    return await StartAsync(added, provider).ConfigureAwait(false);
                }

                // Another request was first: with the open key, or with the same request key in another order.
                if (await FindByRequestKeyAsync(order, provider, cancellationToken).ConfigureAwait(false) is { } same)
                {
                    return same;
                }
            }
            else if (open.CheckoutUrl is not null)
            {
                if (open.ExpiresAt - clock.GetUtcNow() >= MinPayableTime)
                {
                    return new(CheckoutStatus.Open, open);
                }

                await MakeRoomAsync(open, cancellationToken).ConfigureAwait(false);
                continue;
            }
            else if (clock.GetUtcNow() - open.CreatedAt > StartMargin)
            {
                if (await RecoverAsync(open, provider, cancellationToken).ConfigureAwait(false) is { } recovered)
                {
                    return recovered;
                }

                continue;
            }

            await Task.Delay(WaitStep, clock, cancellationToken).ConfigureAwait(false);
        } while (clock.GetUtcNow() < giveUpAt);

        return Unavailable(provider);
    }

    private Payment Make(CheckoutOrder order, CreditPack pack, IPaymentProvider provider, string openKey)
    {
        var now = clock.GetUtcNowInMilliseconds();
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return new Payment
        {
            Id = id,
            Account = order.Account,
            Pack = pack.Id,
            Credits = pack.Credits,
            Price = pack.Price,
            Lifetime = pack.Lifetime,
            Provider = provider.Id,
            Mode = provider.Mode,
            Description = pack.Name.Length <= 140 ? pack.Name : pack.Name[..140],
            CallbackUrl = addresses.Callback(provider.Id),
            ReturnPageUrl = addresses.ReturnPage(id),
            ReturnUrl = order.ReturnUrl,
            Consent = order.Consent,
            RequestKey = order.RequestKey,
            CreatedAt = now,
            ExpiresAt = CreditTime.Floor(now + provider.CheckoutTime),
            OpenKey = openKey,
            NextCheckAt = now + StartMargin + StartMargin,
        };
    }

    /// <summary>Starts the checkout. The caller's token is not used: once sent, the answer must be kept.</summary>
    private async Task<CheckoutResult> StartAsync(Payment payment, IPaymentProvider provider)
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
            if (e.Failure != PaymentProviderFailure.Unknown)
            {
                await EndAsync(payment, PaymentStatus.Failed, PaymentTrigger.Checkout, e.Message).ConfigureAwait(false);
            }
        }

        return Unavailable(provider);
    }

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

    /// <summary>Finds out what became of a start with an unknown outcome. Null: there is room for a new payment.</summary>
    private async Task<CheckoutResult?> RecoverAsync(
        Payment payment,
        IPaymentProvider provider,
        CancellationToken cancellationToken
    )
    {
        if (provider.CanRepeatStart)
        {
            return await StartAsync(payment, provider).ConfigureAwait(false) switch
            {
                { Status: CheckoutStatus.Created, Payment: { } started } => new(CheckoutStatus.Open, started),
                var result => result,
            };
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

    /// <summary>An open payment is about to end: settles it, calls it off, and frees its place in any case.</summary>
    private async Task MakeRoomAsync(Payment open, CancellationToken cancellationToken)
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

    private async Task<Payment> EndAsync(Payment payment, PaymentStatus status, PaymentTrigger trigger, string? detail)
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

    private static CheckoutResult Unavailable(IPaymentProvider provider) =>
        new(CheckoutStatus.ProviderUnavailable, Error: $"{provider.DisplayName} does not answer now; try again later.");
}
