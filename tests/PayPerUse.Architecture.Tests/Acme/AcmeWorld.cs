using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Architecture.Acme;

/// <summary>Everything beyond our host, when the provider is the one that the documentation writes.</summary>
internal sealed class AcmeWorld : ProviderWorld
{
    public const string ApiKey = "test_acme";
    private const string WebhookSecret = "acme-webhook";

    private readonly AcmeAccount _account;

    public AcmeWorld(FakeTimeProvider clock)
        : base(clock) => _account = new AcmeAccount(clock);

    public override string ProviderId => "acme";

    public override void AddTo(IPayPerUseBuilder builder)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Acme:ApiKey"] = ApiKey,
            ["Acme:WebhookSecret"] = WebhookSecret,
        };
        builder.AddAcme(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Acme"));
        builder.Services.AddHttpClient("acme").ConfigurePrimaryHttpMessageHandler(() => new Wire(_account));
    }

    public override Task<bool> PayAsync(Payment payment) => Task.FromResult(_account.End(payment.Id, "succeeded"));

    public override Task<bool> DeclineAsync(Payment payment) => Task.FromResult(_account.End(payment.Id, "failed"));

    public override Task<WebhookMessage?> MessageAsync(Payment payment)
    {
        if (_account.Find(payment.Id) is not { } order)
        {
            return Task.FromResult<WebhookMessage?>(null);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(new { reference = order.Reference, status = order.Status });
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(WebhookSecret), body);
        return Task.FromResult<WebhookMessage?>(
            new(new Dictionary<string, string> { ["Acme-Signature"] = Convert.ToHexStringLower(signature) }, body)
        );
    }

    public override void Break(ApiFault fault) => _account.Fault = fault;

    public override long? KeptOf(Payment payment) =>
        _account.Find(payment.Id) is { Status: "succeeded" } order ? order.Amount : null;

    private sealed class Wire(AcmeAccount account) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) => account.SendAsync(request, cancellationToken);
    }
}
