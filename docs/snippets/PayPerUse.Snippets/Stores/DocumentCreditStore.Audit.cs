using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Snippets.Stores;

#region audit
public sealed partial class DocumentCreditStore : ICreditAudit
{
    public Task<ICreditAuditPage> ReadPageAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        var documents = _documents
            .Where(d => string.CompareOrdinal(d.Key.Value, after) > 0)
            .OrderBy(d => d.Key.Value, StringComparer.Ordinal)
            .Take(limit)
            .Select(d => d.Value)
            .ToImmutableArray();
        return Task.FromResult<ICreditAuditPage>(new AuditPage(documents, documents.Length == limit));
    }

    // A document never changes once it is written, so holding it is a snapshot.
    private sealed class AuditPage(ImmutableArray<AccountDocument> documents, bool isFull) : ICreditAuditPage
    {
        public ImmutableArray<CreditAuditAccount> Accounts { get; } =
        [
            .. documents.Select(d => new CreditAuditAccount(d.Account.Id.Value)
            {
                Row = d.Account,
                Grants = d.Account.Grants,
                Open = [.. d.Account.Reservations.Values.Where(r => r.State == ReservationState.Open)],
            }),
        ];

        public string? Next => isFull ? documents[^1].Account.Id.Value : null;

        public IAsyncEnumerable<CreditAuditLine> ReadLogAsync(CancellationToken cancellationToken) =>
            documents
                .SelectMany(d => d.Log.Select(e => new CreditAuditLine(d.Account.Id.Value, e.Sequence, e)))
                .ToAsyncEnumerable();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
#endregion
