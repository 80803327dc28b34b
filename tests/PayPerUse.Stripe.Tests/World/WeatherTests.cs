using Microsoft.Extensions.Time.Testing;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Stripe.Tests.World;

/// <summary>Lists come in pages of two, so that every page boundary is met.</summary>
public sealed class WeatherTests : PaymentWeatherConformance
{
    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) =>
        Task.FromResult<ProviderWorld>(new StripeWorld(clock) { Account = { PageSize = 2 } });
}

/// <summary>The same where a charge's own sum still counts refunds that failed: Stripe does not say whether it does.</summary>
public sealed class WeatherWithFailedRefundsCountedTests : PaymentWeatherConformance
{
    protected override int Seeds => 100;

    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) =>
        Task.FromResult<ProviderWorld>(new StripeWorld(clock) { Account = { CountsFailedRefunds = true } });
}
