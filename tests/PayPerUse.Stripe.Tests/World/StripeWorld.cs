using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Stripe.Tests.World;

/// <summary>Everything beyond our host, when the provider is Stripe.</summary>
public sealed class StripeWorld(FakeTimeProvider clock) : ProviderWorld(clock)
{
    private ApiFault _fault;
    private string _broken = "";

    public StripeAccount Account { get; } = new(clock);

    /// <summary>What else the host has.</summary>
    public Action<IPayPerUseBuilder>? Also { get; init; }

    public override string ProviderId => StripeDefaults.ProviderId;

    public override bool CanRefund => true;

    public override bool CanRefundInPortal => true;

    public override bool CanDispute => true;

    public override bool CanFailRefunds => true;

    public override void AddTo(IPayPerUseBuilder builder)
    {
        builder.AddStripe(o =>
        {
            o.ApiKey = Orders.Key;
            o.WebhookSecret = Orders.Secret;
            o.Resilience.MaxRetries = 0;
            o.Resilience.BreakerMinCalls = 10_000;
        });
        builder
            .Services.AddHttpClient(StripeTransport.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(() =>
                new StripeWire(Account, Clock)
                {
                    Fault = () => _fault,
                    Breaks = path => path.StartsWith(_broken, StringComparison.Ordinal),
                }
            );
        Also?.Invoke(builder);
    }

    public override Task<bool> PayAsync(Payment payment) => Task.FromResult(Account.Pay(payment.Id));

    public override Task<bool> DeclineAsync(Payment payment) => Task.FromResult(Account.FailLater(payment.Id));

    public override Task<bool> RefundInPortalAsync(Payment payment, long cents)
    {
        Account.Refund(payment.Id, cents);
        return Task.FromResult(true);
    }

    public override Task<bool> FailRefundsAsync(Payment payment) => Task.FromResult(Account.FailRefunds(payment.Id));

    public override Task<bool> DisputeAsync(Payment payment, long withdrawn)
    {
        var held = Account.DisputedOf(payment.Id);
        if (withdrawn == 0 && held == 0)
        {
            Account.Dispute(payment.Id, payment.Price.Amount, "warning_needs_response");
            return Task.FromResult(true);
        }

        if (withdrawn == 0)
        {
            var holding = Account.HoldingDisputeOf(payment.Id)!;
            Account.Move(payment.Id, holding, held);
            Account.EndDispute(payment.Id, holding, "won");
            return Task.FromResult(true);
        }

        // A bank takes no more than what is there.
        var cents = Math.Min(withdrawn, Account.KeptOf(payment.Id)!.Value);
        if (held > 0 || cents == 0)
        {
            return Task.FromResult(false);
        }

        Account.Move(payment.Id, Account.Dispute(payment.Id, cents, "needs_response"), -cents);
        return Task.FromResult(true);
    }

    public override Task<WebhookMessage?> MessageAsync(Payment payment) =>
        Task.FromResult(Account.LastEvent(payment.Id) is { } last ? Message(last) : null);

    public override void Break(ApiFault fault) => Break(fault, "");

    /// <summary>How the paths that begin so behave from now on.</summary>
    public void Break(ApiFault fault, string broken) => (_fault, _broken) = (fault, broken);

    public override long? KeptOf(Payment payment) => Account.KeptOf(payment.Id);

    /// <summary>An event as the webhook endpoint gets it: signed, and in the endpoint's own API version.</summary>
    public WebhookMessage Message(JsonObject happened)
    {
        var shown = happened.DeepClone().AsObject();
        shown["api_version"] = global::Stripe.StripeConfiguration.ApiVersion;
        var body = Encoding.UTF8.GetBytes(shown.ToJsonString());
        return new WebhookMessage(
            new Dictionary<string, string> { [StripeDefaults.SignatureHeader] = Sign(body, Clock.GetUtcNow()) },
            body
        );
    }

    /// <summary>The scheme as Stripe's documentation words it, written here without the SDK.</summary>
    public static string Sign(byte[] body, DateTimeOffset at, string secret = Orders.Secret)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(secret),
            (byte[])[.. Encoding.ASCII.GetBytes(time + "."), .. body]
        );
        return $"t={time},v1={Convert.ToHexStringLower(signature)}";
    }
}
