using PayPerUse.Receipts;
using PayPerUse.Testing.Receipts;

namespace PayPerUse.Core.Tests.Receipts;

public sealed class InMemoryReceiptStoreTests : ReceiptStoreConformance
{
    protected override Task<IReceiptStore> CreateStoreAsync() =>
        Task.FromResult<IReceiptStore>(new InMemoryReceiptStore());
}
