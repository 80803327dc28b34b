using System.Collections.Immutable;

namespace PayPerUse.Receipts;

/// <summary>Keeps receipts in memory: for tests and demos. Gone when the process ends.</summary>
public sealed class InMemoryReceiptStore : IReceiptStore
{
    private readonly Lock _gate = new();
    private readonly List<Receipt> _receipts = [];

    /// <inheritdoc />
    public Task<Receipt?> TryIssueAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        lock (_gate)
        {
            if (_receipts.Any(r => r.PaymentId == receipt.PaymentId && r.Position == receipt.Position))
            {
                return Task.FromResult<Receipt?>(null);
            }

            var issued = receipt with { Sequence = _receipts.LongCount(r => r.Series == receipt.Series) + 1 };
            _receipts.Add(issued);
            return Task.FromResult<Receipt?>(issued);
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<Receipt>> FindAsync(
        IReadOnlyCollection<string> paymentIds,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(paymentIds);
        lock (_gate)
        {
            return Task.FromResult(
                _receipts
                    .Where(r => paymentIds.Contains(r.PaymentId))
                    .OrderBy(r => r.PaymentId, StringComparer.Ordinal)
                    .ThenBy(r => r.Position)
                    .ToImmutableArray()
            );
        }
    }
}
