using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NSubstitute;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Stripe.Tests;

/// <summary>An order, and the provider that talks to a fake Stripe about it.</summary>
public static class Orders
{
    public const string Id = "0123456789abcdef0123456789abcdef";
    public const string SessionId = "cs_test_a1YS1URlnyQCN5fUUduORoQ7Pw41PJqDWkIVQCpJPqkfIhd6tVY8XB1OLY";
    public const string Key = "sk_test_TopSecret0123456789";
    public const string Secret = "whsec_HushHush0123456789";

    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static Payment Payment() =>
        new()
        {
            Id = Id,
            Account = new AccountId("anna"),
            Pack = "five",
            Credits = 5,
            Price = Money.Euro(1.00m),
            Provider = "stripe",
            Mode = PaymentMode.Test,
            Description = "5 credits",
            CallbackUrl = new Uri("https://shop.example/payments/webhook/stripe"),
            ReturnPageUrl = new Uri($"https://shop.example/payments/{Id}/return"),
            CreatedAt = Now,
            ExpiresAt = Now.AddMinutes(40),
        };

    public static Payment Known() => Payment() with { ProviderPaymentId = SessionId };

    public static PaymentRefund Refund() =>
        new()
        {
            Id = Id + "-r1",
            Source = PaymentRefundSource.Asked,
            Amount = Money.Euro(0.40m),
            Status = PaymentRefundStatus.Requested,
            At = Now,
        };

    public static ServiceProvider Services(
        Uri address,
        Action<StripeOptions>? configure = null,
        ILoggerProvider? logs = null,
        string environment = "Production",
        IPaymentAddresses? addresses = null
    )
    {
        var services = new ServiceCollection();
        if (addresses is not null)
        {
            services.AddSingleton(addresses);
        }

        var host = Substitute.For<IHostEnvironment>();
        host.EnvironmentName.Returns(environment);
        services.AddSingleton(host);
        services.AddLogging(l =>
        {
            l.SetMinimumLevel(LogLevel.Trace);
            if (logs is not null)
            {
                l.AddProvider(logs);
            }
        });
        services
            .AddPayPerUse()
            .AddStripe(o =>
            {
                o.ApiKey = Key;
                o.WebhookSecret = Secret;
                o.ApiBase = address;
                o.Resilience.RetryDelay = TimeSpan.FromMilliseconds(1);
                o.Resilience.BreakerMinCalls = 1000;
                configure?.Invoke(o);
            });
        return services.BuildServiceProvider();
    }

    public static IPaymentProvider Provider(this ServiceProvider services) =>
        services.GetRequiredService<IPaymentProvider>();
}
