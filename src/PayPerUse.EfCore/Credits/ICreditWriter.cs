using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>How one kind of database applies a batch. May throw the database's exceptions.</summary>
internal interface ICreditWriter : IAsyncDisposable
{
    Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken);
}
