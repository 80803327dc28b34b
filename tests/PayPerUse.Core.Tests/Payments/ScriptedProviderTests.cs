using Microsoft.Extensions.Time.Testing;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Core.Tests.Payments;

public sealed class SumsProviderTests : PaymentProviderConformance
{
    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) =>
        Task.FromResult<ProviderWorld>(new ScriptedWorld(clock, tellsReversals: true, canRepeatStart: true));
}

public sealed class ListProviderTests : PaymentProviderConformance
{
    protected override Task<ProviderWorld> CreateWorldAsync(FakeTimeProvider clock) =>
        Task.FromResult<ProviderWorld>(new ScriptedWorld(clock, tellsReversals: false, canRepeatStart: false));
}

public sealed class ScriptedSuitesTests : ProviderSuitesConformance;
