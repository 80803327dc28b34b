using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>Sells packs: makes our order, starts the checkout at the provider, and returns the open payment again when there is one.</summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="providers">Who takes the money.</param>
/// <param name="start">Starts checkouts.</param>
/// <param name="ending">Ends what stands in the way.</param>
/// <param name="addresses">Where providers and customers find us.</param>
/// <param name="options">What is for sale.</param>
/// <param name="clock">The clock.</param>
public sealed class CheckoutService(
    IPaymentStore store,
    PaymentProviders providers,
    CheckoutStart start,
    CheckoutEnding ending,
    IPaymentAddresses addresses,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock
)
{
    /// <summary>An order is answered within this time.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>An open payment is only returned again while it can still be paid for this long.</summary>
    public static readonly TimeSpan MinPayableTime = TimeSpan.FromSeconds(60);

    private const int MaxDescriptionLength = 140;

    // Another request's start is waited for a little longer than a provider gets for it.
    private static readonly TimeSpan StartMargin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WaitTime = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(100);

    /// <summary>Makes an order, or returns the one that is open.</summary>
    /// <param name="order">What the customer wants.</param>
    /// <param name="cancellationToken">Ends the wait; a started checkout is finished all the same.</param>
    /// <exception cref="ArgumentException">The order's language is empty or too long.</exception>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer while an earlier payment was settled.</exception>
    public async Task<CheckoutResult> CreateAsync(CheckoutOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Language is not { Length: > 0 and <= CheckoutOrder.MaxLanguageLength })
        {
            throw new ArgumentException(
                $"Language must be a tag of 1 to {CheckoutOrder.MaxLanguageLength} characters, such as nl.",
                nameof(order)
            );
        }

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

        if (await ending.EndOtherProvidersAsync(order, provider, cancellationToken).ConfigureAwait(false) is { } other)
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
    public Task<CancelResult> CancelAsync(string paymentId, CancellationToken cancellationToken) =>
        ending.CancelAsync(paymentId, cancellationToken);

    /// <summary>
    /// Calls off everything that an account can still pay, at the providers too: what to do before an account is closed. Money that
    /// comes all the same is granted to that account, once.
    /// </summary>
    /// <param name="account">Whose orders.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Those that were open and could not be called off, as they stand now: paid after all, or of a provider that does not answer.
    /// </returns>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer: one turned out to be paid.</exception>
    public Task<ImmutableArray<Payment>> CancelAllAsync(AccountId account, CancellationToken cancellationToken) =>
        ending.CancelAllAsync(account, cancellationToken);

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
                    return await start.StartAsync(added, provider, isRepeat: false).ConfigureAwait(false)
                        ?? CheckoutStart.Unavailable(provider);
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
                    if (await AgreeAgainAsync(open, order, cancellationToken).ConfigureAwait(false) is { } agreed)
                    {
                        return new(CheckoutStatus.Open, agreed);
                    }

                    continue;
                }

                await ending.MakeRoomAsync(open, cancellationToken).ConfigureAwait(false);
                continue;
            }
            else if (clock.GetUtcNow() - open.CreatedAt > StartMargin)
            {
                if (await start.RecoverAsync(open, provider, cancellationToken).ConfigureAwait(false) is { } recovered)
                {
                    return recovered;
                }

                continue;
            }

            await Task.Delay(WaitStep, clock, cancellationToken).ConfigureAwait(false);
        } while (clock.GetUtcNow() < giveUpAt);

        return CheckoutStart.Unavailable(provider);
    }

    /// <summary>Who comes back to an open payment may have agreed to newer terms since. Null: it changed meanwhile.</summary>
    private async Task<Payment?> AgreeAgainAsync(Payment open, CheckoutOrder order, CancellationToken cancellationToken)
    {
        if (order.Consent is null || string.Equals(open.Consent, order.Consent, StringComparison.Ordinal))
        {
            return open;
        }

        var agreed = open with
        {
            Consent = order.Consent,
            ConsentText = ConsentTextOf(order),
            ConsentedAt = clock.GetUtcNowInMilliseconds(),
            Language = order.Language,
        };
        return await store.TryUpdateAsync(agreed, null, cancellationToken).ConfigureAwait(false);
    }

    private string? ConsentTextOf(CheckoutOrder order) =>
        order.Consent is not null && options.Value.RequiredConsent is not null
            ? options.Value.ConsentTextOf(order.Language)
            : null;

    /// <summary>As much of a name as providers take, and no half of a character.</summary>
    private static string DescriptionOf(string name) =>
        name.Length <= MaxDescriptionLength ? name
        : char.IsHighSurrogate(name[MaxDescriptionLength - 1]) ? name[..(MaxDescriptionLength - 1)]
        : name[..MaxDescriptionLength];

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
            Description = DescriptionOf(pack.NameIn(order.Language)),
            CallbackUrl = addresses.Callback(provider.Id),
            ReturnPageUrl = addresses.ReturnPage(id),
            ReturnUrl = order.ReturnUrl,
            Consent = order.Consent,
            ConsentText = ConsentTextOf(order),
            ConsentedAt = order.Consent is null ? null : now,
            Language = order.Language,
            RequestKey = order.RequestKey,
            CreatedAt = now,
            ExpiresAt = CreditTime.Floor(now + provider.CheckoutTime),
            OpenKey = openKey,
            NextCheckAt = now + StartMargin + StartMargin,
        };
    }
}
