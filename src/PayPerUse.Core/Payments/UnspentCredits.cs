using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>Finds out how much of one payment's credits is still free, from the account's own log.</summary>
internal static class UnspentCredits
{
    private const int PageSize = 200;

    /// <summary>
    /// The free credits of the payment's own grant: other credits of the account, such as gifts, are not money. Read backwards to
    /// the entry of the grant, or of the merge with which it came, before which nothing touched it.
    /// </summary>
    public static async Task<long> ReadAsync(
        CreditLedger ledger,
        Payment payment,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (payment.GrantedAt is null || payment.PaidAt + payment.Lifetime <= now)
        {
            return 0;
        }

        var account = await ledger.FindCurrentAsync(payment.Account, cancellationToken).ConfigureAwait(false);
        var free = 0L;
        long? before = null;
        while (true)
        {
            var page = await ledger
                .ReadHistoryAsync(account, before, PageSize, cancellationToken)
                .ConfigureAwait(false);
            foreach (var entry in page)
            {
                free += entry.Grants.Where(g => g.GrantId == payment.GrantId).Sum(g => g.Credits);
                if (entry.OperationId == payment.GrantId)
                {
                    return Math.Max(0, free);
                }

                before = entry.Sequence;
            }

            if (page.Length < PageSize)
            {
                return Math.Max(0, free);
            }
        }
    }
}
