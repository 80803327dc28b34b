using Microsoft.Extensions.Time.Testing;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Architecture.Acme;

/// <summary>The provider that the documentation teaches is a right one.</summary>
public sealed class AcmeProviderTests : PaymentProviderConformance
{
    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) =>
        Task.FromResult<ProviderWorld>(new AcmeWorld(clock));
}

public sealed class AcmeWeatherTests : PaymentWeatherConformance
{
    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) =>
        Task.FromResult<ProviderWorld>(new AcmeWorld(clock));
}

public sealed class AcmeSuitesTests : ProviderSuitesConformance;
