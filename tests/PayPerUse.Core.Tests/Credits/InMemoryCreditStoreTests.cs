using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.Core.Tests.Credits;

public sealed class InMemoryCreditStoreTests : CreditRetentionConformance
{
    protected override Task<ICreditStore> CreateStoreAsync(TimeProvider clock) =>
        Task.FromResult<ICreditStore>(new InMemoryCreditStore(clock));
}
