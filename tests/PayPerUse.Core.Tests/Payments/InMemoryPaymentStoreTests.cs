using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Core.Tests.Payments;

public sealed class InMemoryPaymentStoreTests : PaymentStoreConformance
{
    protected override Task<IPaymentStore> CreateStoreAsync() =>
        Task.FromResult<IPaymentStore>(new InMemoryPaymentStore());
}
