using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using PayPerUse.EfCore.Payments;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.EfCore.Receipts;

/// <summary>
/// Keeps receipts with LINQ, alike on every database. The next number is read and then inserted: of those who race for it the key
/// lets one have it, and the others take the one after. Nothing is counted before it is kept, so nothing leaves a gap.
/// </summary>
internal sealed class EfReceiptStore(IContextSource contexts) : IReceiptStore
{
    // With each try somebody has got a number; this many at once are not met.
    private const int MaxTries = 1000;

    public async Task<Receipt?> TryIssueAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        var (series, payment, position) = (receipt.Series, receipt.PaymentId, receipt.Position);
        for (var i = 0; i < MaxTries; i++)
        {
            var (isKnown, issued) = await contexts
                .RunAsync(async context =>
                {
                    var rows = context.Set<ReceiptRow>();
                    if (
                        await rows.AnyAsync(r => r.PaymentId == payment && r.Position == position, cancellationToken)
                            .ConfigureAwait(false)
                    )
                    {
                        return (true, null);
                    }

                    var last = await rows.Where(r => r.Series == series)
                        .MaxAsync(r => (long?)r.Sequence, cancellationToken)
                        .ConfigureAwait(false);
                    var row = receipt.ToRow((last ?? 0) + 1);
                    context.Add(row);
                    try
                    {
                        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                        return (false, row.ToReceipt());
                    }
                    catch (DbUpdateException e) when (DatabaseFailure.IsUniqueViolation(e))
                    {
                        return (false, (Receipt?)null);
                    }
                })
                .ConfigureAwait(false);
            if (isKnown || issued is not null)
            {
                return issued;
            }
        }

        throw new PaymentStoreException($"Too many receipts are issued at once in series {series}; try again.");
    }

    public Task<ImmutableArray<Receipt>> FindAsync(
        IReadOnlyCollection<string> paymentIds,
        CancellationToken cancellationToken
    ) =>
        contexts.RunAsync(async context =>
        {
            var ids = paymentIds.ToArray();
            var rows = await context
                .Set<ReceiptRow>()
                .AsNoTracking()
                .Where(r => ids.Contains(r.PaymentId))
                .OrderBy(r => r.PaymentId)
                .ThenBy(r => r.Position)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            return rows.Select(r => r.ToReceipt()).ToImmutableArray();
        });
}
