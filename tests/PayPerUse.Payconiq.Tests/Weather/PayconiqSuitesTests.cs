using Microsoft.Extensions.Time.Testing;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Payconiq.Tests.Weather;

[Collection(nameof(Alone))]
public sealed class PayconiqProviderTests : PaymentProviderConformance
{
    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) => PayconiqWorld.StartAsync(clock);
}

public sealed class PayconiqSuitesTests : ProviderSuitesConformance;
