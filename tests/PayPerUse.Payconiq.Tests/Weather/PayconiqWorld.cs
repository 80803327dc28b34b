using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payconiq.Simulator;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Payconiq.Tests.Weather;

/// <summary>The simulated bank on a Kestrel of its own, and hosts that reach it over HTTP as they would the real one.</summary>
internal sealed class PayconiqWorld : ProviderWorld
{
    private const string ApiKey = "key-of-the-world";
    private const string ProfileId = "5bb37284e35e2b29e363df22";

    private static readonly string SigningKey = NewKey();

    private readonly WebApplication _bank;

    private PayconiqWorld(FakeTimeProvider clock, WebApplication bank)
        : base(clock) => _bank = bank;

    public override string ProviderId => PayconiqDefaults.ProviderId;

    public override bool CanRefund => true;

    public override bool CanRefundInPortal => true;

    private PayconiqSimulator Bank => _bank.Services.GetRequiredService<PayconiqSimulator>();

    public static async Task<ProviderWorld> StartAsync(FakeTimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder
            .Services.AddPayPerUse(o => o.Sweep.Enabled = false)
            .AddPayconiqSimulator(o =>
            {
                o.ApiKey = ApiKey;
                o.ProfileId = ProfileId;

                // The schedule delivers; the bank itself sends nothing.
                o.Weather = new PayconiqSimulatorWeather { CallbackLostPercent = 100 };
            });
        builder.Services.Configure<PayconiqOptions>(o => o.SigningKey = SigningKey);
        var bank = builder.Build();
        bank.MapPayconiqSimulator();
        await bank.StartAsync(TestContext.Current.CancellationToken);
        return new PayconiqWorld(clock, bank);
    }

    public override void AddTo(IPayPerUseBuilder builder) =>
        builder.AddPayconiq(o =>
        {
            var address = new Uri(_bank.Urls.First() + "/simulator/bancontact");
            o.ApiKey = ApiKey;
            o.ProfileId = ProfileId;
            o.ApiBase = address;
            o.JwksUri = new Uri(address + "/jwks");
            o.SigningKey = SigningKey;
            o.Resilience.MaxRetries = 0;

            // The clock moves on by itself while a call waits for a busy machine.
            o.Resilience.TotalTimeout = TimeSpan.FromSeconds(9);
            o.Resilience.TryTimeout = TimeSpan.FromSeconds(9);
        });

    public override Task<bool> PayAsync(Payment payment) =>
        Task.FromResult(Find(payment) is { IsOpen: true } p && Bank.Approve(p.Id) is { Status: "SUCCEEDED" });

    public override Task<bool> DeclineAsync(Payment payment) =>
        Task.FromResult(
            Find(payment) is { IsOpen: true } p && Bank.Decline(p.Id) is { Status: "AUTHORIZATION_FAILED" }
        );

    public override Task<bool> RefundInPortalAsync(Payment payment, long cents) =>
        Task.FromResult(Find(payment) is { } p && Bank.Refund(p.Id, cents, null, null).Refund is not null);

    public override Task<WebhookMessage?> MessageAsync(Payment payment)
    {
        // Payconiq tells of ends only, and of no refund.
        if (Find(payment) is not { IsOpen: false } ended)
        {
            return Task.FromResult<WebhookMessage?>(null);
        }

        var body = Encoding.UTF8.GetBytes(ended.ToJson().ToJsonString());
        var signature = _bank
            .Services.GetRequiredService<SimulatorKeys>()
            .Sign(body, ProfileId, payment.CallbackUrl, Clock.GetUtcNow(), isDer: body.Length % 2 == 0);
        return Task.FromResult<WebhookMessage?>(
            new(new Dictionary<string, string> { [PayconiqDefaults.SignatureHeader] = signature }, body)
        );
    }

    public override void Break(ApiFault fault)
    {
        var sky = _bank.Services.GetRequiredService<SimulatorSky>();
        sky.Weather = sky.Weather with
        {
            ApiFailPercent = fault == ApiFault.BeforeEffect ? 100 : 0,
            ApiLostPercent = fault == ApiFault.AfterEffect ? 100 : 0,
        };
    }

    public override long? KeptOf(Payment payment) => Find(payment) is { Status: "SUCCEEDED" } p ? p.Kept : null;

    public override async ValueTask DisposeAsync()
    {
        await _bank.StopAsync(CancellationToken.None);
        await _bank.DisposeAsync();
        await base.DisposeAsync();
    }

    private SimulatedPayment? Find(Payment payment) => Bank.All().FirstOrDefault(p => p.Reference == payment.Id);

    private static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
