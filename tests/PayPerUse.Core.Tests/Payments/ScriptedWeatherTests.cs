using Microsoft.Extensions.Time.Testing;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Core.Tests.Payments;

/// <summary>A provider that tells sums and keeps idempotency keys, as Stripe does.</summary>
public sealed class SumsWeatherTests : PaymentWeatherConformance
{
    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) =>
        Task.FromResult<ProviderWorld>(new ScriptedWorld(clock, tellsReversals: true, canRepeatStart: true));
}

/// <summary>A provider that lists refunds one by one and creates without a key, as Payconiq does.</summary>
public sealed class ListWeatherTests : PaymentWeatherConformance
{
    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) =>
        Task.FromResult<ProviderWorld>(new ScriptedWorld(clock, tellsReversals: false, canRepeatStart: false));
}
