using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payments;

namespace PayPerUse.Testing.Payments;

/// <summary>The world of <see cref="ScriptedProvider"/>: the contracts alone, without a wire.</summary>
public sealed class ScriptedWorld : ProviderWorld
{
    private readonly ScriptedProvider _provider;

    public ScriptedWorld(FakeTimeProvider clock, bool tellsReversals, bool canRepeatStart)
        : base(clock) =>
        _provider = new ScriptedProvider("scripted", clock)
        {
            TellsReversals = tellsReversals,
            CanRepeatStart = canRepeatStart,
            ExpiresByClock = true,
        };

    public override string ProviderId => _provider.Id;

    public override bool CanRefund => true;

    public override bool CanRefundInPortal => true;

    public override bool CanDispute => _provider.TellsReversals;

    public override bool CanFailRefunds => true;

    public override void AddTo(IPayPerUseBuilder builder)
    {
        builder.Services.AddSingleton<IPaymentProvider>(_provider);
        builder.Services.AddSingleton<IPaymentWebhook>(new Webhook(_provider.Id));
    }

    public override Task<bool> PayAsync(Payment payment) =>
        Task.FromResult(_provider.TryEnd(payment.Id, ProviderPaymentStatus.Paid));

    public override Task<bool> DeclineAsync(Payment payment) =>
        Task.FromResult(_provider.TryEnd(payment.Id, ProviderPaymentStatus.Failed));

    public override Task<bool> RefundInPortalAsync(Payment payment, long cents)
    {
        _provider.Refund(payment.Id, cents);
        return Task.FromResult(true);
    }

    public override Task<bool> FailRefundsAsync(Payment payment) => Task.FromResult(_provider.FailRefunds(payment.Id));

    public override Task<bool> DisputeAsync(Payment payment, long withdrawn)
    {
        // A bank takes no more than what is there.
        var others = payment.Price.Amount - _provider.KeptOf(payment) - _provider.DisputedOf(payment.Id);
        _provider.Dispute(payment.Id, Math.Min(withdrawn, payment.Price.Amount - others));
        return Task.FromResult(true);
    }

    public override Task<WebhookMessage?> MessageAsync(Payment payment) =>
        Task.FromResult<WebhookMessage?>(
            new(
                new Dictionary<string, string> { [Webhook.Header] = Webhook.Sign(payment.Id) },
                Encoding.ASCII.GetBytes(payment.Id)
            )
        );

    public override void Break(ApiFault fault)
    {
        _provider.BeforeStart = Fault<Payment>(fault, ApiFault.BeforeEffect, PaymentProviderFailure.Unknown);
        _provider.AfterStart = Fault<Payment>(fault, ApiFault.AfterEffect, PaymentProviderFailure.Unknown);
        _provider.BeforeGet = fault == ApiFault.None ? null : _ => throw Failure(PaymentProviderFailure.Unavailable);
        _provider.BeforeRefund =
            fault == ApiFault.BeforeEffect ? _ => throw Failure(PaymentProviderFailure.Unknown) : null;
        _provider.AfterRefund =
            fault == ApiFault.AfterEffect ? _ => throw Failure(PaymentProviderFailure.Unknown) : null;
    }

    public override long? KeptOf(Payment payment) => _provider.IsPaid(payment.Id) ? _provider.KeptOf(payment) : null;

    private Func<T, CancellationToken, Task>? Fault<T>(ApiFault fault, ApiFault when, PaymentProviderFailure failure) =>
        fault == when ? (_, _) => throw Failure(failure) : null;

    private PaymentProviderException Failure(PaymentProviderFailure failure) =>
        new(_provider.Id, failure, "The scripted API is broken.");

    private sealed class Webhook(string provider) : IPaymentWebhook
    {
        public const string Header = "Scripted-Signature";

        public string ProviderId => provider;

        public string SignatureHeader => Header;

        public static string Sign(string body) => "signed:" + body;

        public Task<WebhookVerdict> VerifyAsync(WebhookMessage message, CancellationToken cancellationToken)
        {
            var body = Encoding.ASCII.GetString(message.Body.Span);
            var isGenuine = message.Headers.TryGetValue(Header, out var signature) && signature == Sign(body);
            return Task.FromResult(
                new WebhookVerdict
                {
                    Authenticity = isGenuine ? WebhookAuthenticity.Genuine : WebhookAuthenticity.Forged,
                    PaymentId = isGenuine ? body : null,
                }
            );
        }
    }
}
