using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;
using Stripe.Checkout;

namespace PayPerUse.Stripe;

/// <summary>Takes payments with Stripe Checkout.</summary>
internal sealed partial class StripeProvider(
    StripeCheckoutClient client,
    StripeReversalClient reversals,
    StripeDiagnosis diagnosis,
    IOptions<StripeOptions> options,
    IHostEnvironment environment,
    TimeProvider clock,
    ILogger<StripeProvider> logger
) : IPaymentProvider, IRefundProvider, IReversalFeed, IProviderFee, IProviderDiagnosis
{
    // The smallest charge in EUR and the largest number of digits: docs.stripe.com/currencies. Other currencies have minimums of
    // their own that depend on the account's settlement currency; Stripe refuses those itself.
    private const long MinEuroCents = 50;
    private const long MaxAmount = 99_999_999;

    // Our clock may differ from theirs.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(5);

    public string Id => StripeDefaults.ProviderId;

    public string DisplayName => options.Value.DisplayName;

    public PaymentMode Mode => options.Value.Mode;

    public TimeSpan CheckoutTime => options.Value.CheckoutTime;

    // The idempotency key is made of our order. Should Stripe have forgotten it (it keeps keys for 24 hours), the frozen expiry is
    // past by then and Stripe refuses: a second session cannot come to be.
    public bool CanRepeatStart => true;

    public string? RefusePack(CreditPack pack)
    {
        ArgumentNullException.ThrowIfNull(pack);
        return pack.Price switch
        {
            { Currency: "EUR", Amount: < MinEuroCents } => "Stripe takes at least 0.50 EUR; raise the price.",
            { Amount: > MaxAmount } => $"Stripe takes at most {MaxAmount} minor units; lower the price.",
            _ => null,
        };
    }

    public Money? FeeOf(Money price) => StripeDefaults.FeeOf(price);

    public Task<ImmutableArray<DoctorFinding>> DiagnoseAsync(CancellationToken cancellationToken) =>
        diagnosis.DiagnoseAsync(cancellationToken);

    public async Task<ProviderPayment> StartCheckoutAsync(Payment payment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        DemandOurMode(payment);
        var session = await client
            .CreateAsync(SessionRequest.Of(payment), SessionRequest.IdempotencyKeyOf(payment), cancellationToken)
            .ConfigureAwait(false);
        var started = ToPayment(session);
        if (started is { Status: ProviderPaymentStatus.Pending, CheckoutUrl: null })
        {
            // It exists there, so we do not say that it failed; but nobody is sent to such a place.
            throw Failed(
                PaymentProviderFailure.Unknown,
                "Stripe gave no https link to pay at, so the customer cannot be sent there."
            );
        }

        return started;
    }

    public async Task<ProviderPayment?> GetPaymentAsync(Payment payment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        DemandOurMode(payment);
        return await FindSessionAsync(payment, cancellationToken).ConfigureAwait(false) is { } session
            ? await WithReversalsAsync(payment, session, ToPayment(session), cancellationToken).ConfigureAwait(false)
            : null;
    }

    public Task CancelAsync(Payment payment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        DemandOurMode(payment);
        return payment.ProviderPaymentId is { } id ? client.ExpireAsync(id, cancellationToken) : Task.CompletedTask;
    }

    private async Task<Session?> FindSessionAsync(Payment payment, CancellationToken cancellationToken)
    {
        if (payment.ProviderPaymentId is not { } id)
        {
            // A start may have been repeated until the session's end, so it may be as young as that.
            return await client
                .FindAsync(
                    payment.Id,
                    payment.CreatedAt - ClockMargin,
                    payment.ExpiresAt + ClockMargin,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }

        // Stripe forgets no session: "no such session" means that we ask in another account, which must not end a payment.
        return await client.GetAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw Failed(
                PaymentProviderFailure.Rejected,
                $"Stripe has no Checkout Session {id}. Is Stripe:ApiKey of the account that it was made in?"
            );
    }

    private ProviderPayment ToPayment(Session session)
    {
        var answer = SessionAnswer.Read(session);
        if (answer.IsUnknown)
        {
            StripeLog.UnknownStatus(logger, session.Id, session.Status, session.PaymentStatus);
        }

        return answer.Payment with
        {
            CheckoutUrl = answer.Payment.CheckoutUrl is { } url && IsFitForCustomers(url) ? url : null,
        };
    }

    private bool IsFitForCustomers(Uri uri) =>
        uri.UserInfo.Length == 0
        && (
            uri.Scheme == Uri.UriSchemeHttps
            || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && environment.IsDevelopment())
        );

    private void DemandOurMode(Payment payment)
    {
        if (payment.Mode != Mode)
        {
            throw Failed(
                PaymentProviderFailure.Rejected,
                $"Payment {payment.Id} is of the {payment.Mode} mode, but Stripe:ApiKey is a key of the {Mode} mode."
            );
        }
    }

    private static PaymentProviderException Failed(PaymentProviderFailure failure, string message) =>
        new(StripeDefaults.ProviderId, failure, message);
}
