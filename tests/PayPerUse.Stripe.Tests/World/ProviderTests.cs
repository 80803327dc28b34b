using Microsoft.Extensions.Time.Testing;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Stripe.Tests.World;

public sealed class ProviderTests : PaymentProviderConformance
{
    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) =>
        Task.FromResult<ProviderWorld>(new StripeWorld(clock));
}

public sealed class SuitesTests : ProviderSuitesConformance;
