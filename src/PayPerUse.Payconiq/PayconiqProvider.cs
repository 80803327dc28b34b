using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Payconiq.Signatures;
using PayPerUse.Payconiq.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq;

/// <summary>Takes payments with Payconiq, today Bancontact Pay / Wero.</summary>
internal sealed partial class PayconiqProvider(
    PayconiqClient client,
    PayconiqRefundClient refunds,
    RequestSigner signer,
    CallbackKeys keys,
    IOptions<PayconiqOptions> options,
    IHostEnvironment environment,
    TimeProvider clock,
    ILogger<PayconiqProvider> logger
) : IPaymentProvider, IProviderFee
{
    // Our clock may run ahead of theirs; a search from later than their creation would not find it.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromHours(1);

    public string Id => PayconiqDefaults.ProviderId;

    public string DisplayName => options.Value.DisplayName;

    // The validator has made sure that it is known.
    public PaymentMode Mode => options.Value.EffectiveMode ?? PaymentMode.Live;

    public TimeSpan CheckoutTime => options.Value.CheckoutTime;

    // Creating has no idempotency key: a second one would be a second payment.
    public bool CanRepeatStart => false;

    public string? RefusePack(CreditPack pack)
    {
        ArgumentNullException.ThrowIfNull(pack);
        return pack.Price switch
        {
            { Currency: not "EUR" } => $"Payconiq takes EUR only, not {pack.Price.Currency}; price it with Money.Euro.",
            { Amount: < 1 } => "Payconiq takes at least 0.01 EUR; raise the price.",
            _ => null,
        };
    }

    // Pretend money costs nobody anything, so the simulator lists no fee.
    public Money? FeeOf(Money price) =>
        price.Currency == "EUR" && options.Value.Simulator is null ? new Money(options.Value.FeeInCents, "EUR") : null;

    public async Task<ProviderPayment> StartCheckoutAsync(Payment payment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        var answer = await client
            .CreateAsync(
                new CreateRequest
                {
                    Amount = payment.Price.Amount,
                    Currency = payment.Price.Currency,
                    Reference = payment.Id,
                    Description = PayconiqText.ToSepa(payment.Description),
                    CallbackUrl = payment.CallbackUrl.AbsoluteUri,
                    ReturnUrl = payment.ReturnPageUrl.AbsoluteUri,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        var started = ToPayment(answer, payment);
        if (started is { Status: ProviderPaymentStatus.Pending, CheckoutUrl: null })
        {
            // It exists there, so we do not say that it failed; but nobody is sent to such a place.
            throw new PaymentProviderException(
                Id,
                PaymentProviderFailure.Unknown,
                "Payconiq gave no https link to pay at, so the customer cannot be sent there."
            );
        }

        return started;
    }

    public async Task<ProviderPayment?> GetPaymentAsync(Payment payment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        if (payment.ProviderPaymentId is { } id)
        {
            return await client.GetAsync(id, cancellationToken).ConfigureAwait(false) is { } answer
                ? ToPayment(answer, payment)
                : null;
        }

        var found = await client
            .SearchAsync(payment.Id, payment.CreatedAt - ClockMargin, cancellationToken)
            .ConfigureAwait(false);

        // Should there be two all the same, the paid one is what the customer must be credited for.
        var best = found.FirstOrDefault(p => p.Status == "SUCCEEDED") ?? (found.Count > 0 ? found[0] : null);
        return best is null ? null : ToPayment(best, payment);
    }

    public Task CancelAsync(Payment payment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return payment.ProviderPaymentId is { } id ? client.CancelAsync(id, cancellationToken) : Task.CompletedTask;
    }

    private ProviderPayment ToPayment(PaymentAnswer answer, Payment payment)
    {
        if (
            answer is not { PaymentId: { Length: > 0 } id, Status: not null, Amount: >= 0 and var amount }
            || (answer.Currency ?? "EUR") is not { Length: 3 } currency
            || !currency.All(char.IsAsciiLetterUpper)
        )
        {
            throw new PaymentProviderException(
                Id,
                PaymentProviderFailure.Unknown,
                "Payconiq told of a payment without id, status or amount."
            );
        }

        return new ProviderPayment
        {
            ProviderPaymentId = id,
            Status = ToStatus(answer.Status, id),
            Amount = new Money(amount, currency),
            Reference = answer.Reference,
            Mode = Mode,
            CheckoutUrl = ToCheckout(answer.Links, payment),
            ExpiresAt = PayconiqTime.Read(answer.ExpiresAt ?? answer.ExpireAt),
            PaidAt = answer.Status == "SUCCEEDED" ? PayconiqTime.Read(answer.SucceededAt) : null,
            Detail = PayconiqText.Quote(answer.Status),
        };
    }

    private ProviderPaymentStatus ToStatus(string status, string id)
    {
        switch (status)
        {
            case "PENDING":
            case "IDENTIFIED":
                return ProviderPaymentStatus.Pending;
            case "AUTHORIZED":
            case "PENDING_MERCHANT_ACKNOWLEDGEMENT":
                return ProviderPaymentStatus.Processing;
            case "SUCCEEDED":
                return ProviderPaymentStatus.Paid;
            case "AUTHORIZATION_FAILED":
            case "FAILED":
                return ProviderPaymentStatus.Failed;
            case "CANCELLED":
            case "VOIDED":
                return ProviderPaymentStatus.Canceled;
            case "EXPIRED":
                return ProviderPaymentStatus.Expired;
            default:
                PayconiqLog.UnknownStatus(logger, PayconiqText.Quote(id), PayconiqText.Quote(status));
                return ProviderPaymentStatus.Pending;
        }
    }

    /// <summary>
    /// The deeplink before the checkout page: our QR code is drawn from it, and the bank app scans deeplinks. Used as given,
    /// whatever its https host.
    /// </summary>
    private Uri? ToCheckout(PaymentLinks? links, Payment payment)
    {
        foreach (var link in new[] { links?.Deeplink?.Href, links?.Checkout?.Href })
        {
            if (Uri.TryCreate(link, UriKind.Absolute, out var uri) && IsFitForCustomers(uri, payment))
            {
                return uri;
            }
        }

        return null;
    }

    private bool IsFitForCustomers(Uri uri, Payment payment) =>
        uri.UserInfo.Length == 0
        && (
            uri.Scheme == Uri.UriSchemeHttps
            || (
                uri.Scheme == Uri.UriSchemeHttp
                && (
                    (uri.IsLoopback && environment.IsDevelopment())
                    // The simulator's page is one of our own, wherever this app is reached.
                    || (options.Value.Simulator is not null && uri.Authority == payment.CallbackUrl.Authority)
                )
            )
        );
}
