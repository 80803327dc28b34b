using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.Core.Tests.Credits;

public sealed class InMemoryCreditStoreTests : CreditMergeConformance
{
    protected override Task<ICreditStore> CreateStoreAsync(TimeProvider clock) =>
        Task.FromResult<ICreditStore>(new InMemoryCreditStore(clock));
}
