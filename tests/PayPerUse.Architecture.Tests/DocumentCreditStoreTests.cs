using PayPerUse.Credits;
using PayPerUse.Snippets.Stores;
using PayPerUse.Testing.Credits;

namespace PayPerUse.Architecture;

/// <summary>The store that the documentation teaches is a right one.</summary>
public sealed class DocumentCreditStoreTests : CreditAuditConformance
{
    protected override Task<ICreditStore> CreateStoreAsync(TimeProvider clock) =>
        Task.FromResult<ICreditStore>(new DocumentCreditStore(clock));
}
