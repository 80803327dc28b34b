using PayPerUse.Answers;
using PayPerUse.Testing.Answers;

namespace PayPerUse.Core.Tests.Answers;

public sealed class InMemoryAnswerStoreTests : AnswerStoreConformance
{
    protected override Task<IAnswerStore> CreateStoreAsync() =>
        Task.FromResult<IAnswerStore>(new InMemoryAnswerStore());
}
